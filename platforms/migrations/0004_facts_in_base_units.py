"""Ranges of facts in base units as well, so that "at least 500 L" can be asked of a listing in cubic metres."""

from django.db import migrations, models

# Unit, dimension, factor and offset as the vocabulary had them on this day; facts written later convert themselves.
UNITS = """
    L|V|1|0    mL|V|0.001|0    m3|V|1000|0    hL|V|100|0    gal|V|3.785412|0
    oz|V|0.0295735|0    kg|M|1|0    g|M|0.001|0    mg|M|0.000001|0    斤|M|0.5|0
    t|M|1000|0    lb|M|0.45359237|0    kg/h|MF|1|0    t/h|MF|1000|0    g/h|MF|0.001|0
    kg/d|MF|0.0416666666666667|0    t/d|MF|41.6666666666667|0    t/week|MF|5.95238095238095|0    t/a|AF|1|0    kg/a|AF|0.001|0
    万吨/年|AF|10000|0    kt/a|AF|1000|0    MPa|P|1|0    bar|P|0.1|0    mbar|P|0.0001|0
    kPa|P|0.001|0    Pa|P|0.000001|0    atm|P|0.101325|0    kgf/cm2|P|0.0980665|0    psi|P|0.00689476|0
    Torr|P|0.000133322|0    kbar|P|100|0    kW|W|1|0    W|W|0.001|0    MW|W|1000|0
    m|D|1|0    cm|D|0.01|0    mm|D|0.001|0    km|D|1000|0    inch|IN|1|0
    nm|NM|1|0    um|UM|1|0    degC|T|1|0    K|T|1|-273.15    degF|T|0.555555555555556|-17.7777777777778
    m/min|S|1|0    ft/min|S|0.3048|0    m/s|S|60|0    m2|A|1|0    km2|A|1000000|0
    亩|A|666.666666666667|0    m3/h|VF|1|0    m3/d|VF|0.0416666666666667|0    L/h|VF|0.001|0    L/min|VF|0.06|0
    g/m2|GSM|1|0    day|DUR|1|0    week|DUR|7|0    month|DUR|30|0    year|DUR|365|0
    h|H|1|0    min|H|0.0166666666666667|0    CNY|CNY|1|0    万元|CNY|10000|0    亿元|CNY|100000000|0
    EUR|EUR|1|0    USD|USD|1|0    GBP|GBP|1|0    万元/周|CNYW|10000|0    元/周|CNYW|1|0
    Ah|Q|1|0    mAh|Q|0.001|0    kWh|E|1|0    MWh|E|1000|0    Wh|E|0.001|0
    GWh|E|1000000|0    V|U|1|0    kV|U|1000|0    MHz|F|1|0    GHz|F|1000|0
    kHz|F|0.001|0    Hz|F|0.000001|0    %|R|1|0    ppm|PPM|1|0    ppb|PPM|0.001|0
    rpm|RPM|1|0    g/L|CONC|1|0    mg/L|CONC|0.001|0    mPa·s|VISC|1|0    Pa·s|VISC|1000|0
    kN|FORCE|1|0    t(clamp)|CL|1|0    wafer/month|WM|1|0    L(total)|V|1|0    m3(total)|V|1000|0
    ft(diameter)|FT|1|0    packs/h|PK|1|0    件|N:件|1|0    片|N:片|1|0    台|N:台|1|0
    套|N:套|1|0    批|N:批|1|0    支|N:支|1|0    只|N:只|1|0    个|N:个|1|0
    盒|N:盒|1|0    瓶|N:瓶|1|0    颗|N:颗|1|0    粒|N:粒|1|0    双|N:双|1|0
    辆|N:辆|1|0    架|N:架|1|0    条|N:条|1|0    栋|N:栋|1|0    间|N:间|1|0
    款|N:款|1|0    项|N:项|1|0    种|N:种|1|0    层|N:层|1|0    把|N:把|1|0
    根|N:根|1|0    张|N:张|1|0    块|N:块|1|0    卷|N:卷|1|0    袋|N:袋|1|0
    罐|N:罐|1|0    盘|N:盘|1|0    份|N:份|1|0    人份|N:人份|1|0    万支|N:万支|1|0
    万片|N:万片|1|0    万粒|N:万粒|1|0    台套|N:台套|1|0    batch|N:batch|1|0    packs|N:packs|1|0
    wafer|N:wafer|1|0    unit|N:unit|1|0    sample|N:sample|1|0    pair|N:pair|1|0
"""

# Other spellings of these.
SPELLINGS = """
    立升=L    升=L    l=L    litre=L    litres=L    liter=L    liters=L    公升=L
    毫升=mL    ml=mL    millilitre=mL    milliliter=mL    cc=mL    m³=m3    立方=m3    立方米=m3
    方=m3    千升=m3    kL=m3    m^3=m3    吨水=m3    hl=hL    hectolitre=hL    加仑=gal
    gallon=gal    gallons=gal    盎司=oz    公斤=kg    千克=kg    ㎏=kg    kilogram=kg    kilograms=kg
    kilo=kg    kilos=kg    克=g    gram=g    grams=g    毫克=mg    市斤=斤    吨=t
    ton=t    tons=t    tonne=t    tonnes=t    公吨=t    磅=lb    lbs=lb    pound=lb
    pounds=lb    公斤/小时=kg/h    千克/小时=kg/h    kg/hr=kg/h    公斤每小时=kg/h    吨/小时=t/h    吨每小时=t/h    t/hr=t/h
    克/小时=g/h    公斤/天=kg/d    kg/day=kg/d    公斤每天=kg/d    千克/天=kg/d    吨/天=t/d    吨/日=t/d    t/day=t/d
    tpd=t/d    吨每天=t/d    吨/周=t/week    吨/年=t/a    t/y=t/a    t/yr=t/a    吨每年=t/a    tpa=t/a
    公斤/年=kg/a    kg/y=kg/a    千克/年=kg/a    公斤每年=kg/a    万吨每年=万吨/年    万t/a=万吨/年    kt/y=kt/a    ktpa=kt/a
    兆帕=MPa    mpa=MPa    巴=bar    barg=bar    毫巴=mbar    千帕=kPa    kpa=kPa    帕=Pa
    个大气压=atm    大气压=atm    公斤压力=kgf/cm2    公斤力=kgf/cm2    kg/cm2=kgf/cm2    kgf=kgf/cm2    公斤级压力=kgf/cm2    psig=psi
    mmHg=Torr    托=Torr    千巴=kbar    千瓦=kW    kw=kW    kWth=kW    kWe=kW    kilowatt=kW
    kilowatts=kW    瓦=W    watt=W    兆瓦=MW    megawatt=MW    MWe=MW    MWth=MW    米=m
    metre=m    metres=m    meter=m    meters=m    厘米=cm    公分=cm    毫米=mm    公里=km
    千米=km    英寸=inch    寸=inch    吋=inch    in=inch    inches=inch    "=inch    纳米=nm
    nanometre=nm    微米=um    μm=um    µm=um    micron=um    microns=um    ℃=degC    °C=degC
    摄氏度=degC    度=degC    °=degC    celsius=degC    oC=degC    开尔文=K    华氏度=degF    °F=degF
    ℉=degF    米/分钟=m/min    米每分=m/min    米/分=m/min    fpm=ft/min    米/秒=m/s    米每秒=m/s    ㎡=m2
    平方米=m2    平米=m2    平=m2    m²=m2    平方=m2    sqm=m2    km²=km2    平方公里=km2
    平方千米=km2    mu=亩    立方/小时=m3/h    m³/h=m3/h    方/小时=m3/h    立方米/小时=m3/h    吨水/小时=m3/h    m³/d=m3/d
    立方米/天=m3/d    方/天=m3/d    立方/天=m3/d    m³/天=m3/d    升/小时=L/h    升每小时=L/h    l/hr=L/h    升/分钟=L/min
    L/分=L/min    gsm=g/m2    克每平米=g/m2    克/平方米=g/m2    小时=h    hours=h    hour=h    hrs=h
    钟头=h    个小时=h    分钟=min    minutes=min    安时=Ah    AH=Ah    毫安时=mAh    度电=kWh
    千瓦时=kWh    兆瓦时=MWh    瓦时=Wh    吉瓦时=GWh    伏=V    伏特=V    volt=V    volts=V
    千伏=kV    兆赫=MHz    吉赫=GHz    千赫=kHz    赫兹=Hz    百分之=%    ％=%    percent=%
    wt%=%
"""

CONVERT = """
WITH units(code, dimension, factor, shift) AS (SELECT * FROM unnest(%s::text[], %s::text[], %s::float8[], %s::float8[]))
UPDATE platforms_fact AS fact
SET dimension = units.dimension || CASE WHEN fact.unit LIKE '%%(total)' THEN '(total)' ELSE '' END,
    base_low = CASE WHEN fact.quantity IN ('pressure', 'power', 'speed') AND fact.low = fact.high THEN NULL
               ELSE round((fact.low * units.factor + units.shift)::numeric, 9)::float8 END,
    base_high = round((fact.high * units.factor + units.shift)::numeric, 9)::float8
FROM units
WHERE fact.kind = 'parameter'
  AND units.code = CASE WHEN fact.quantity = 'volume' AND replace(fact.unit, '(total)', '') IN ('t', '吨', 'T', '公吨') THEN 'm3'
                   ELSE replace(fact.unit, '(total)', '') END
"""


def convert(apps, schema_editor):
    units = [part.split("|") for part in UNITS.split()]
    known = {code: figures for code, *figures in units}
    units += [[form, *known[code]] for form, code in (pair.split("=") for pair in SPELLINGS.split()) if form not in known]
    codes, dimensions, factors, shifts = (list(column) for column in zip(*units, strict=True))
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(CONVERT, [codes, dimensions, list(map(float, factors)), list(map(float, shifts))])


class Migration(migrations.Migration):
    dependencies = [("platforms", "0003_ends_by_day")]

    operations = [
        migrations.AddField("fact", "dimension", models.CharField(blank=True, editable=False, max_length=20, default=""), preserve_default=False),
        migrations.AddField("fact", "base_low", models.FloatField(blank=True, editable=False, null=True)),
        migrations.AddField("fact", "base_high", models.FloatField(blank=True, editable=False, null=True)),
        migrations.RunPython(convert, migrations.RunPython.noop),
    ]

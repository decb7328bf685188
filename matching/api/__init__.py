"""Reading needs, results, leads and figures over HTTP."""

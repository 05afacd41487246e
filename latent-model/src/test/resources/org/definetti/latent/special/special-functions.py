"""Writes special-functions.csv: reference values to 20 digits. Run: python3 special-functions.py"""

import mpmath as mp

mp.mp.dps = 40
with open("special-functions.csv", "w") as out:
    out.write(f"# mpmath {mp.__version__}, 40 digits; python3 special-functions.py\n")
    out.write("function,x,n,value\n")
    for x in [1e-6, 0.1, 0.5, 1, 1.25, 2.6, 5.3, 9.99, 10, 12.5, 49, 1e3, 1e8]:
        out.write(f"digamma,{x!r},0,{mp.nstr(mp.digamma(x), 20)}\n")
        out.write(f"logGamma,{x!r},0,{mp.nstr(mp.loggamma(x), 20)}\n")
    pairs = [(0.3, 4), (5, 3.5), (9.5, 2), (10, 1), (12, -1.5), (1e6, 0.25), (30, 1e-6)]
    pairs += [(1e12, 7), (1e12, 1e5), (0.01, 1e5), (1e5, -99995.5)]
    for x, n in pairs:
        value = mp.loggamma(mp.mpf(x) + mp.mpf(n)) - mp.loggamma(x)
        out.write(f"logRising,{x!r},{n!r},{mp.nstr(value, 20)}\n")
    for x, n in [(0.5, 0.5), (2, 3), (1e-3, 40), (1e6, 1e6), (1e12, 2)]:
        value = mp.loggamma(x) + mp.loggamma(n) - mp.loggamma(mp.mpf(x) + mp.mpf(n))
        out.write(f"logBeta,{x!r},{n!r},{mp.nstr(value, 20)}\n")

"""Elementary functions in plain arithmetic: they vectorise, and give the same bits on every machine, which a C library does not promise.

Logarithms by the series of 2 atanh((m - 1) / (m + 1)) on the mantissa, exponentials by a polynomial on the remainder of ln 2,
normal quantiles by the rational approximation of Acklam (2003), relative error 1.2e-9. Arguments must be positive and finite where a
logarithm is taken; tests hold every function against numpy.
"""

import math
from functools import cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic.compiled import inlined

_F4 = np.float32
_LN2 = 0.6931471805599453


@inlined
def log32(x):  # type: ignore[no-untyped-def]
    """Natural logarithm of a positive float32; relative error below 4e-7."""
    bits = np.float32(x).view(np.int32)
    exponent = _F4((bits >> np.int32(23)) - np.int32(127))
    mantissa = np.int32((bits & np.int32(0x007FFFFF)) | np.int32(0x3F800000)).view(np.float32)
    large = mantissa > _F4(1.4142135)
    mantissa = mantissa * _F4(0.5) if large else mantissa
    exponent = exponent + _F4(1.0) if large else exponent
    z = (mantissa - _F4(1.0)) / (mantissa + _F4(1.0))
    z2 = z * z
    series = _F4(1.0) + z2 * (_F4(0.33333334) + z2 * (_F4(0.2) + z2 * (_F4(0.14285715) + z2 * _F4(0.11111111))))
    return _F4(2.0) * z * series + exponent * _F4(0.6931472)


@inlined
def exp32(x):  # type: ignore[no-untyped-def]
    """Exponential of a float32 between -87 and 88; relative error below 4e-7."""
    bounded = min(max(np.float32(x), _F4(-87.0)), _F4(88.0))
    whole = np.int32(np.floor(bounded * _F4(1.442695) + _F4(0.5)))
    r = bounded - _F4(whole) * _F4(0.693359375) + _F4(whole) * _F4(0.00021219444)
    series = _F4(1.0) + r * (
        _F4(1.0) + r * (_F4(0.5) + r * (_F4(0.16666667) + r * (_F4(0.041666668) + r * (_F4(0.0083333333) + r * _F4(0.0013888889)))))
    )
    scale = np.int32((whole + np.int32(127)) << np.int32(23)).view(np.float32)
    return series * scale


@inlined
def log64(x):  # type: ignore[no-untyped-def]
    """Natural logarithm of a positive float64; relative error below 1e-12."""
    bits = np.float64(x).view(np.int64)
    exponent = np.float64((bits >> np.int64(52)) - np.int64(1023))
    mantissa = np.int64((bits & np.int64(0x000FFFFFFFFFFFFF)) | np.int64(0x3FF0000000000000)).view(np.float64)
    large = mantissa > 1.4142135623730951
    mantissa = mantissa * 0.5 if large else mantissa
    exponent = exponent + 1.0 if large else exponent
    z = (mantissa - 1.0) / (mantissa + 1.0)
    z2 = z * z
    tail = 1 / 11 + z2 * (1 / 13 + z2 * (1 / 15 + z2 * (1 / 17)))
    series = 1.0 + z2 * (1 / 3 + z2 * (1 / 5 + z2 * (1 / 7 + z2 * (1 / 9 + z2 * tail))))
    return 2.0 * z * series + exponent * _LN2


@inlined
def exp64(x):  # type: ignore[no-untyped-def]
    """Exponential of a float64 between -700 and 700; relative error below 1e-11."""
    bounded = min(max(np.float64(x), -700.0), 700.0)
    whole = np.int64(np.floor(bounded * 1.4426950408889634 + 0.5))
    r = bounded - np.float64(whole) * _LN2
    tail = 1 / 720 + r * (1 / 5040 + r * (1 / 40320 + r * (1 / 362880 + r * (1 / 3628800))))
    series = 1.0 + r * (1.0 + r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * tail)))))
    return series * np.int64((whole + np.int64(1023)) << np.int64(52)).view(np.float64)


@inlined
def normal_quantile(p):  # type: ignore[no-untyped-def]
    """Standard normal quantile of 0 < p < 1."""
    if p < 0.02425 or p > 0.97575:
        side = 1.0 if p < 0.5 else -1.0
        q = math.sqrt(-2.0 * log64(min(p, 1.0 - p)))
        top = -7.784894002430293e-03 * q - 3.223964580411365e-01
        top = (((top * q - 2.400758277161838) * q - 2.549732539343734) * q + 4.374664141464968) * q + 2.938163982698783
        low = ((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996) * q + 3.754408661907416
        return side * top / (low * q + 1.0)
    q = p - 0.5
    r = q * q
    top = (-3.969683028665376e01 * r + 2.209460984245205e02) * r - 2.759285104469687e02
    top = ((top * r + 1.383577518672690e02) * r - 3.066479806614716e01) * r + 2.506628277459239
    low = (-5.447609879822406e01 * r + 1.615858368580409e02) * r - 1.556989798598866e02
    low = (low * r + 6.680131188771972e01) * r - 1.328068155288572e01
    return top * q / (low * r + 1.0)


QUANTILES = 4096


def lognormal_table(cv2: float) -> NDArray[np.float64]:
    """Tabulate the lognormal distribution of mean 1 with this squared coefficient of variation, for `from_table`.

    returns : (QUANTILES + 1,) quantiles at whole parts of 0..1, scaled so that draws have mean 1 exactly; all 1 for cv2 0
    """
    table = np.exp(math.sqrt(math.log1p(cv2)) * np.array(_normal_quantiles()))
    return np.asarray(table / ((table[1:] + table[:-1]) / 2.0).mean())


@cache
def _normal_quantiles() -> tuple[float, ...]:
    """List the quantiles of the standard normal distribution in the middle of each whole part of 0..1."""
    return tuple(NormalDist().inv_cdf((i + 0.5) / (QUANTILES + 1)) for i in range(QUANTILES + 1))


@inlined
def from_table(table, word):  # type: ignore[no-untyped-def]
    """Draw from a table of quantiles by one 32-bit word: the high bits find the cell, the low ones the place in it."""
    cell = word >> np.uint64(20)
    part = np.float64(word & np.uint64(0xFFFFF)) * (1.0 / 1048576.0)
    return table[cell] + part * (table[cell + np.uint64(1)] - table[cell])

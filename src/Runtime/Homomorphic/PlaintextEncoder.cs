using System.Runtime.CompilerServices;
using PrivateInference.Runtime.Numerics;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>
/// Scales ring elements m modulo t = 2^ℓ to integers near q·m/t, exactly, without integers larger than a word. For a dither
/// U in [0, t), ⌊(q·m + U)/t⌋ = (q·m + U − R)/t with R = (q·m + U) mod t, which takes q modulo t only; and modulo a prime
/// of q this is (U − R)·t^-1, because q vanishes. A uniform U makes the rounding error's mean 0; U = t/2 rounds to nearest.
/// </summary>
internal sealed class PlaintextEncoder
{
    private readonly RlweParameters _parameters;
    private readonly ulong _modulusModuloT;
    private readonly ulong _mask;
    private readonly double[] _lowFactors;
    private readonly double[] _highFactors;

    public PlaintextEncoder(RlweParameters parameters, int ringBits)
    {
        _parameters = parameters;
        _mask = ringBits == 64 ? ulong.MaxValue : (1UL << ringBits) - 1;
        _modulusModuloT = 1;
        foreach (var table in parameters.Tables)
            _modulusModuloT *= table.Modulus.Prime;
        _lowFactors = [.. parameters.Tables.Select(table => (double)InversePowerOfTwo(table.Modulus, ringBits))];
        _highFactors = [.. parameters.Tables.Select((table, i) =>
            table.Modulus.FromInteger((Int128)_lowFactors[i] << 32))];
        Half = 1UL << (ringBits - 1);
    }

    /// <summary>t/2, the dither that rounds to nearest.</summary>
    public ulong Half { get; }

    /// <summary>
    /// Writes U − R as high·2^32 + low. <paramref name="message"/> may have bits above ℓ, which do not count;
    /// <paramref name="dither"/> must not.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Encode(ulong message, ulong dither, out double high, out double low)
    {
        var remainder = ((_modulusModuloT * message) + dither) & _mask;
        high = (long)(dither >> 32) - (long)(remainder >> 32);
        low = (long)(uint)dither - (uint)remainder;
    }

    /// <summary>Adds encoded messages to residues of one prime, lazily.</summary>
    public void AddTo(Span<double> residues, ReadOnlySpan<double> high, ReadOnlySpan<double> low, int prime)
    {
        NttArithmetic.MultiplyAdd(residues, high, _highFactors[prime], _parameters.Tables[prime].Modulus);
        NttArithmetic.MultiplyAdd(residues, low, _lowFactors[prime], _parameters.Tables[prime].Modulus);
    }

    private static ulong InversePowerOfTwo(NttModulus modulus, int exponent) =>
        modulus.Invert(modulus.Power(2, (ulong)exponent));
}

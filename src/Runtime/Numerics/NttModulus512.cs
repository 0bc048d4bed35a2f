using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PrivateInference.Runtime.Numerics;

/// <summary>The operations of <see cref="NttModulus"/> on eight residues at once.</summary>
internal readonly struct NttModulus512
{
    private readonly Vector512<double> _p;
    private readonly Vector512<double> _reciprocal;

    public NttModulus512(NttModulus modulus)
    {
        _p = Vector512.Create(modulus.P);
        _reciprocal = Vector512.Create(modulus.Reciprocal);
    }

    /// <inheritdoc cref="NttModulus.Multiply"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> Multiply(Vector512<double> x, Vector512<double> w)
    {
        var high = x * w;
        var low = Vector512.FusedMultiplyAdd(x, w, -high);
        var quotient = Vector512.Round(high * _reciprocal);
        return Vector512.FusedMultiplyAdd(-quotient, _p, high) + low;
    }

    /// <summary>A representative of magnitude at most 0.51·p of a lazy residue.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> Reduce(Vector512<double> x) =>
        Vector512.FusedMultiplyAdd(-Vector512.Round(x * _reciprocal), _p, x);

    /// <summary>Maps |x| &lt; p into [0, p).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> MakeNonNegative(Vector512<double> x) =>
        x + Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<double>.Zero), _p, Vector512<double>.Zero);

    /// <inheritdoc cref="NttModulus.Canonical"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> Canonical(Vector512<double> x) => MakeNonNegative(Reduce(x));
}

using System.Runtime.CompilerServices;

namespace PrivateInference.Runtime.Numerics;

/// <summary>The operations of <see cref="NttModulus"/> on a vector of residues.</summary>
internal readonly struct NttVectorModulus<TVector>
    where TVector : struct, INttVector<TVector>
{
    private readonly TVector _p;
    private readonly TVector _reciprocal;

    public NttVectorModulus(NttModulus modulus)
    {
        _p = TVector.Create(modulus.P);
        _reciprocal = TVector.Create(modulus.Reciprocal);
    }

    /// <inheritdoc cref="NttModulus.Multiply"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Multiply(TVector x, TVector w)
    {
        var high = x * w;
        var error = TVector.SubtractProduct(high, x, w);
        var quotient = TVector.Round(high * _reciprocal);
        return TVector.SubtractProduct(high, quotient, _p) - error;
    }

    /// <summary>A representative of magnitude at most 0.51·p of a lazy residue.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Reduce(TVector x) => TVector.SubtractProduct(x, TVector.Round(x * _reciprocal), _p);

    /// <summary>Maps |x| &lt; p into [0, p).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector MakeNonNegative(TVector x) => x + TVector.WhereNegative(x, _p);

    /// <inheritdoc cref="NttModulus.Canonical"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Canonical(TVector x) => MakeNonNegative(Reduce(x));
}

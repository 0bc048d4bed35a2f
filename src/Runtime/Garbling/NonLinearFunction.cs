using System.Runtime.InteropServices;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Runtime.Garbling;

/// <summary>
/// What one instance of a non-linear step computes on k shared words of m bits: activation(max of them ≫ f), shared
/// afresh modulo 2^ℓ. Two functions that are equal have the same circuit.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct NonLinearFunction
{
    /// <summary>m, 1 to 64: each word is a signed number, shared as the sum of two words modulo 2^m.</summary>
    public required int InputBits { get; init; }

    /// <summary>k, at least 1: words whose maximum is taken.</summary>
    public int WindowSize { get; init; } = 1;

    /// <summary>f, less than m: bits dropped, rounding towards −∞.</summary>
    public int Shift { get; init; }

    public required Activation Activation { get; init; }

    /// <summary>Bounds of <see cref="Activation.Clip"/>; ignored, and best left 0, elsewhere.</summary>
    public long Lower { get; init; }

    /// <inheritdoc cref="Lower"/>
    public long Upper { get; init; }

    /// <summary>ℓ, 1 to 64: the ring in which the result is shared.</summary>
    public required int RingBits { get; init; }

    public NonLinearFunction()
    {
    }

    /// <summary>Input bits of the garbler, per instance: k words of m bits.</summary>
    public int ServerBits => WindowSize * InputBits;

    /// <summary>Input bits of the evaluator, per instance: k words of m bits, then the ℓ bits of the mask.</summary>
    public int ClientBits => (WindowSize * InputBits) + RingBits;
}

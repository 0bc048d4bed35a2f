namespace PrivateInference.Backends.Lowering;

/// <summary>
/// A value of the graph as Factor · u + Offset, u being the value of a program step. A quantised tensor q of scale s and zero
/// point z is held as the integers u = q − z: q has the view (1, z), its dequantisation the view (s, 0), and neither costs a step.
/// </summary>
/// <param name="Index">The program step.</param>
/// <param name="Factor">Above 0.</param>
/// <param name="Offset">Usually a zero point.</param>
internal readonly record struct SecretView(int Index, double Factor = 1, double Offset = 0)
{
    /// <summary>What s · (1/s) may be off by, and far below what any fixed point resolves.</summary>
    private const double Tolerance = 1e-9;

    public bool IsUnscaled => Math.Abs(Factor - 1) < Tolerance;

    public bool HasFactorOf(SecretView other) => Math.Abs(Factor - other.Factor) < Tolerance * Factor;

    /// <summary>The step's value is the graph's.</summary>
    public static implicit operator SecretView(int index) => new(index);
}

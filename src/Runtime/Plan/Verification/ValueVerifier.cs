namespace PrivateInference.Runtime.Plan.Verification;

/// <summary>A value's shape, scale, range and bit width.</summary>
internal static class ValueVerifier
{
    public static void Require(PlanValue value, int ringBits)
    {
        Check.Name(value.Name, "A value");
        Check.Shape(value.Shape, $"Value '{value.Name}'");
        Check.That(double.IsFinite(value.Scale) && value.Scale > 0, $"Value '{value.Name}' has scale {value.Scale}.");
        Check.That(value.Bits >= 1 && value.Bits <= ringBits, $"Value '{value.Name}' has {value.Bits} bits in a ring of {ringBits}.");
        Check.That(double.IsFinite(value.Minimum) && double.IsFinite(value.Maximum) && value.Minimum <= value.Maximum, $"Value '{value.Name}' has the range {value.Minimum} to {value.Maximum}.");
        Check.That(value.ErrorBound is double.NaN or >= 0, $"Value '{value.Name}' has the error bound {value.ErrorBound}.");
        double limit = Math.ScaleB(1, value.Bits - 1);
        bool fits = Math.Round(value.Minimum * value.Scale) >= -limit && Math.Round(value.Maximum * value.Scale) < limit;
        Check.That(fits, $"The range of value '{value.Name}' does not fit its {value.Bits} bits.");
    }
}

namespace PrivateInference.Backends.Diagnostics;

/// <summary>A polynomial cannot have its powers in the way that was asked for.</summary>
public sealed class PowerMethodException(string step) : Exception(
    $"Step '{step}' cannot have its powers by binomial products, as its shares wrap around where they are divided or change rings. "
        + "Choose another way (--powers beaver), or a truncation that leaves the polynomial's input undivided (--truncation exact).")
{
    /// <summary>The step's name.</summary>
    public string Step { get; } = step;
}

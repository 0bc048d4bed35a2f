namespace PrivateInference.Frontend.Exporting;

/// <summary>
/// The domain of the operations that the compiler knows and ONNX has no operator for. A file with such an operation
/// defines it as a function by standard operators; the importer knows it by its name.
/// </summary>
internal static class FunctionDomain
{
    public const string Name = "ai.onnx2mpc";

    /// <summary>A change of meaning needs a new version.</summary>
    public const int Version = 1;

    public const string DRelu = "DRelu";

    public const string RandomFlip = "RandomFlip";

    public const string FlattenedSoftmax = "FlattenedSoftmax";

    public const string QuantizeLinear = "QuantizeLinear";

    public const string DequantizeLinear = "DequantizeLinear";

    /// <summary>A function has a fixed body, so there is one for each degree.</summary>
    public static string Polynomial(int degree) => $"Polynomial{degree}";

    /// <summary>A function reads all of its inputs, so there is one for each number of them: the value, the scale, the bias.</summary>
    public static string Normalization(bool centered, int inputs) => $"{(centered ? "LayerNorm" : "RmsNorm")}{inputs}";
}

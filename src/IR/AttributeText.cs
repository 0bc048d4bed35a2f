using System.Globalization;

namespace PrivateInference.IR;

/// <summary>The printed form of attribute values; the same on every machine and in every culture.</summary>
internal static class AttributeText
{
    public static string Of(int value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Of(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Of(bool value) => value ? "true" : "false";

    /// <summary>The shortest text that reads back as the same number; <c>inf</c>, <c>-inf</c> and <c>nan</c> as in MLIR.</summary>
    public static string Of(float value) => value switch
    {
        float.PositiveInfinity => "inf",
        float.NegativeInfinity => "-inf",
        float.NaN => "nan",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}

namespace PrivateInference.IR;

/// <summary>The numbers of an integer type, as far as 64 signed bits hold them.</summary>
public readonly record struct IntegerRange(long Minimum, long Maximum)
{
    /// <exception cref="GraphException">The type is not an integer type.</exception>
    public static IntegerRange Of(ElementType element) => element switch
    {
        ElementType.Bool => new(0, 1),
        ElementType.UInt8 => new(byte.MinValue, byte.MaxValue),
        ElementType.Int8 => new(sbyte.MinValue, sbyte.MaxValue),
        ElementType.UInt16 => new(ushort.MinValue, ushort.MaxValue),
        ElementType.Int16 => new(short.MinValue, short.MaxValue),
        ElementType.UInt32 => new(uint.MinValue, uint.MaxValue),
        ElementType.Int32 => new(int.MinValue, int.MaxValue),
        ElementType.Int64 => new(long.MinValue, long.MaxValue),
        ElementType.UInt64 => new(0, long.MaxValue),
        ElementType.Int4 => new(-8, 7),
        ElementType.UInt4 => new(0, 15),
        _ => throw new GraphException($"{element} is not an integer type."),
    };

    /// <summary>Round half to even, then to the nearest number of the range; NaN gives 0, as in ONNX Runtime.</summary>
    public long Saturate(double value) => double.IsNaN(value) ? 0 : (long)Math.Clamp(Math.Round(value), Minimum, Maximum);
}

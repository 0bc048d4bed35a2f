namespace PrivateInference.IR;

/// <summary>Element type and static shape of a value.</summary>
public sealed record TensorType(ElementType Element, Shape Shape)
{
    public static TensorType Float(params ReadOnlySpan<int> dimensions) => new(ElementType.Float32, new Shape(dimensions));

    /// <summary>Whether the elements are held as floating point numbers.</summary>
    public bool IsFloat => Element is ElementType.Float32 or ElementType.Float64;

    public TensorType WithShape(Shape shape) => this with { Shape = shape };

    /// <summary><c>f32[1x3x224x224]</c></summary>
    public override string ToString() => $"{ElementName(Element)}[{Shape}]";

    private static string ElementName(ElementType element) => element switch
    {
        ElementType.Float32 => "f32",
        ElementType.Float64 => "f64",
        ElementType.Int64 => "i64",
        ElementType.Int32 => "i32",
        ElementType.Int8 => "i8",
        ElementType.UInt8 => "u8",
        ElementType.Int16 => "i16",
        ElementType.UInt16 => "u16",
        ElementType.UInt32 => "u32",
        ElementType.UInt64 => "u64",
        ElementType.Int4 => "i4",
        ElementType.UInt4 => "u4",
        ElementType.Bool => "bool",
        _ => throw new ArgumentOutOfRangeException(nameof(element), element, message: null),
    };
}

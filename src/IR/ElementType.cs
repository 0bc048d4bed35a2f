namespace PrivateInference.IR;

/// <summary>The element type of a tensor, as the model declares it.</summary>
public enum ElementType
{
    Float32,
    Float64,
    Int64,
    Int32,
    Int16,
    Int8,
    UInt8,
    UInt16,
    UInt32,
    UInt64,
    Int4,
    UInt4,
    Bool,
}

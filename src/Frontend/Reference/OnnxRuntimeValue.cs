using System.Collections.Immutable;
using PrivateInference.Frontend.Schema;
using PrivateInference.IR;

namespace PrivateInference.Frontend.Reference;

/// <summary>An input or output of a model, as ONNX Runtime sees it.</summary>
public sealed class OnnxRuntimeValue
{
    internal OnnxRuntimeValue(string name, int dataType, ImmutableArray<long> dimensions, ImmutableArray<string> symbols)
    {
        Name = name;
        DataType = dataType;
        Dimensions = dimensions;
        Symbols = symbols;
    }

    public string Name { get; }

    /// <summary>The element type; null for strings, sequences and other types that a <see cref="Tensor"/> cannot hold.</summary>
    public ElementType? Element => TensorDecoder.Format(DataType)?.Type;

    /// <summary>Sizes, −1 where the model leaves one open. Empty for a scalar, and where the model leaves the rank open.</summary>
    public ImmutableArray<long> Dimensions { get; }

    /// <summary>A name for each dimension that the model names instead of giving its size, otherwise empty.</summary>
    public ImmutableArray<string> Symbols { get; }

    /// <summary>ONNX's number of the element type; 0 when the value is not a tensor.</summary>
    internal int DataType { get; }

    /// <summary><c>image: float[batch,3,224,224]</c></summary>
    public override string ToString()
        => $"{Name}: {TensorDecoder.TypeName(DataType)}[{string.Join(',', Dimensions.Zip(Symbols, DimensionText))}]";

    private static string DimensionText(long size, string symbol)
        => size >= 0 ? size.ToString() : symbol.Length > 0 ? symbol : "?";
}

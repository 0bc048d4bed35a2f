using System.Collections.Frozen;
using PrivateInference.Frontend.Importing;
using PrivateInference.Frontend.Schema;

namespace PrivateInference.Frontend.Operators;

/// <summary>Every operator the importer knows. A family of operators is a file with its own list.</summary>
internal static class OperatorTable
{
    private static readonly FrozenDictionary<string, OperatorImporter> _importers =
        new[]
        {
            Activation.Operators,
            Arithmetic.Operators,
            Attention.Operators,
            Comparison.Operators,
            CompilerFunctions.Operators,
            ControlFlow.Operators,
            Convolution.Operators,
            Einsum.Operators,
            Fused.Operators,
            Indexing.Operators,
            Layout.Operators,
            Linear.Operators,
            MachineLearning.Operators,
            Normalization.Operators,
            Output.Operators,
            Padding.Operators,
            Pooling.Operators,
            Quantization.Operators,
            Reduction.Operators,
            Repetition.Operators,
            Resizing.Operators,
            RotaryEmbedding.Operators,
            Selection.Operators,
            Sequences.Operators,
            ShapeArithmetic.Operators,
            Slicing.Operators,
            Standardization.Operators,
            TransposedConvolution.Operators,
        }
        .SelectMany(family => family)
        .ToFrozenDictionary(o => o.Name, o => o.Importer, StringComparer.Ordinal);

    /// <summary>The operator's name, preceded by its domain unless that is ONNX's own.</summary>
    public static string QualifiedName(NodeProto node)
        => Opsets.Normalize(node.Domain) is { Length: > 0 } domain ? $"{domain}.{node.OpType}" : node.OpType;

    /// <summary>The importer of an operator, or null when there is none.</summary>
    public static OperatorImporter? Find(string qualifiedName) => _importers.GetValueOrDefault(qualifiedName);
}

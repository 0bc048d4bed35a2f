using System.Collections.Frozen;

namespace PrivateInference.Frontend.Tests.Conformance;

/// <summary>What the importer aims at: the operators of convolutional networks, perceptrons and small vision transformers.</summary>
internal static class ConformanceScope
{
    private static readonly FrozenSet<string> _operators = """
        Abs Add ArgMax AveragePool BatchNormalization Cast Celu Clip Concat ConstantOfShape Conv ConvInteger ConvTranspose
        DepthToSpace DequantizeLinear Div Dropout DynamicQuantizeLinear Elu Equal Erf Exp Expand Flatten Gather Gemm
        GlobalAveragePool GlobalMaxPool HardSigmoid HardSwish Identity InstanceNormalization LRN LayerNormalization LeakyRelu
        Log LogSoftmax MatMul MatMulInteger Max MaxPool Min Mul Neg PRelu Pad Pow QLinearConv QLinearMatMul QuantizeLinear
        Reciprocal ReduceMean ReduceSum Relu Reshape Resize Selu Shape Sigmoid Slice Softmax Softplus Softsign Split Sqrt
        Squeeze Sub Sum Tanh ThresholdedRelu Transpose Unsqueeze Upsample Where
        """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    private const string WrapsAround = "the published output wraps around where the operator saturates";
    private const string OtherShape = "the published input has another shape than the model declares";

    /// <summary>Cases whose data contradict the operator's definition or the model.</summary>
    private static readonly FrozenDictionary<string, string> _faults = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["test_qlinearmatmul_2D_int8_float32"] = WrapsAround,
        ["test_qlinearmatmul_3D_int8_float32"] = WrapsAround,
        ["test_castlike_BFLOAT16_to_FLOAT"] = OtherShape,
        ["test_castlike_BFLOAT16_to_FLOAT_expanded"] = OtherShape,
        ["test_castlike_FLOAT_to_BFLOAT16"] = OtherShape,
        ["test_castlike_FLOAT_to_BFLOAT16_expanded"] = OtherShape,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Whether a case needs these operators only, written as themselves.</summary>
    public static bool Contains(ConformanceCase test) => !test.IsExpanded && test.Operators.All(_operators.Contains);

    /// <summary>What is wrong with the published data of a case, or null.</summary>
    public static string? FaultOf(ConformanceCase test) => _faults.GetValueOrDefault(test.Name);
}

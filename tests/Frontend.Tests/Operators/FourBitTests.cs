using PrivateInference.Frontend.Reference;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using DataType = PrivateInference.Frontend.Schema.TensorProto.Types.DataType;

namespace PrivateInference.Frontend.Tests.Operators;

/// <summary>Integers of four bits, in which large models keep their weights.</summary>
public class FourBitTests
{
    /// <summary>−8 … 7, or 0 … 15.</summary>
    private static readonly byte[] _all = [0x10, 0x32, 0x54, 0x76, 0x98, 0xBA, 0xDC, 0xFE];

    [SkippableTheory]
    [InlineData((int)DataType.Int4, new[] { 0f, 1, 2, 3, 4, 5, 6, 7, -8, -7, -6, -5, -4, -3, -2, -1 })]
    [InlineData((int)DataType.Uint4, new[] { 0f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 })]
    public void Weights_dequantize_in_blocks(int type, float[] numbers)
    {
        OnnxModelBuilder model = Builder().Input("x", 2, 8).Initializer(OnnxModelBuilder.Raw("q", (DataType)type, [2, 8], _all))
            .Initializer(OnnxModelBuilder.Raw("zero", (DataType)type, [2, 2], 0x21, 0x03)).Floats("scale", [2, 2], 1, 2, 0.5f, 0.25f)
            .Node("DequantizeLinear", "q scale zero", "w", ("axis", 1), ("block_size", 4)).Node("Mul", "x w", "y").Output("y");
        float[] x = [.. Enumerable.Repeat(1f, 16)], scales = [1, 2, 0.5f, 0.25f], zeros = [1, 2, 3, 0];
        AssertComputes([.. numbers.Select((n, i) => (n - zeros[i / 4]) * scales[i / 4])], model, x);
    }

    [SkippableTheory]
    [InlineData((int)DataType.Int4, new[] { -8f, -3, -2, 0, 0, 2, 2, 7 })]
    [InlineData((int)DataType.Uint4, new[] { 0f, 0, 0, 0, 0, 2, 2, 15 })]
    public void Numbers_saturate_when_quantized(int type, float[] expected)
    {
        OnnxModelBuilder model = Builder().Input("x", 8).Floats("scale", [], 1f).Initializer(OnnxModelBuilder.Raw("zero", (DataType)type, [], 0))
            .Node("QuantizeLinear", "x scale zero", "q").Node("DequantizeLinear", "q scale zero", "y").Output("y");
        AssertComputes(expected, model, -100, -3, -2, -0.5f, 0.5f, 1.5f, 2.4f, 100);
    }

    [SkippableTheory]
    [InlineData((int)DataType.Int4, new[] { -8f, -1, 0, 7 }, new[] { -8f, -1, 0, 7 })]
    [InlineData((int)DataType.Uint4, new[] { 0f, 1, 7, 15 }, new[] { 0f, 1, 7, 15 })]
    [InlineData((int)DataType.Int4, new[] { 2.5f, -1.7f, -100, 100 }, new[] { 3f, -2, -4, 4 })]
    [InlineData((int)DataType.Uint4, new[] { 2.5f, 1.2f, -100, 100 }, new[] { 3f, 1, 12, 4 })]
    public void Casts_of_floats_round_and_wrap(int type, float[] numbers, float[] expected)
    {
        OnnxModelBuilder model = Builder().Input("x", 4).Node("Cast", "x", "q", ("to", (long)type)).Node("Cast", "q", "y", ("to", (long)DataType.Float)).Output("y");
        AssertComputes(expected, model, numbers);
    }

    private static OnnxModelBuilder Builder()
    {
        OnnxModelBuilder builder = new(21);
        builder.Model.IrVersion = 10;
        return builder;
    }

    /// <summary>The interpreter gives the expected numbers, and so does ONNX Runtime where it is installed.</summary>
    private static void AssertComputes(float[] expected, OnnxModelBuilder model, params float[] input)
    {
        Graph graph = model.Import().Graph;
        Tensor x = Tensor.FromFloats(graph.Inputs[0].Type, input);
        Assert.Equal(expected, FloatInterpreter.Run(graph, [x])[0].Floats);
        Skip.IfNot(OnnxRuntimeLibrary.IsAvailable, "ONNX Runtime is not installed; ./build.sh reference gets it");
        using OnnxRuntimeSession session = OnnxRuntimeSession.Open(model.Bytes());
        Assert.Equal(expected, session.Run(new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["x"] = x })["y"].Floats);
    }
}

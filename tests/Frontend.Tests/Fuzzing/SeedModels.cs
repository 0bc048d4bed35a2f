using PrivateInference.Frontend.Schema;
using DataType = PrivateInference.Frontend.Schema.TensorProto.Types.DataType;

namespace PrivateInference.Frontend.Tests.Fuzzing;

/// <summary>Valid models that together use most of the importer.</summary>
internal static class SeedModels
{
    public static OnnxModelBuilder[] All =>
    [
        Convolutional(13), Convolutional(9), Shapes(), Indexing(), Resizing(), Quantized(), Branch(), Loop(), Scan(), Sequence(), Function(), Sparse(), Reductions(),
    ];

    private static OnnxModelBuilder Convolutional(int opset) => new OnnxModelBuilder(opset).Input("x", "n", 2, 6, 6).Weights("w", 2, 2, 3, 3).Integers("s", 1, -1).Weights("m", 8, 3)
        .Node("Conv", "x w", "c", ("pads", new[] { 0, 0, 0, 0 }), ("strides", new[] { 1, 1 }), ("dilations", new[] { 1, 1 }), ("group", 1)).Node("Relu", "c", "r")
        .Node("MaxPool", "r", "p", ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 }), ("auto_pad", "VALID"))
        .Node("Reshape", "p s", "f").Node("Gemm", "f m", "g", ("alpha", 2f), ("transB", 0)).Node("Softmax", "g", "y", ("axis", 1)).Output("y", 1, 3);

    private static OnnxModelBuilder Shapes() => new OnnxModelBuilder(15).Input("x", 2, 3, 4).IntegerScalar("zero", 0).Integers("one", 1).Integers("minus", -1).Integers("two", 2)
        .Node("Shape", "x", "shape", ("start", 0)).Node("Gather", "shape zero", "n", ("axis", 0)).Node("Unsqueeze", "n one0", "n1").Integers("one0", 0)
        .Node("Concat", "n1 minus", "target", ("axis", 0)).Node("Reshape", "x target", "flat").Node("ConstantOfShape", "two", "ones", ("value", OnnxModelBuilder.Tensor("v", [1], 1f)))
        .Node("Range", "zero n zero1", "range").IntegerScalar("zero1", 1).Node("Cast", "range", "floats", ("to", (int)DataType.Float)).Node("Slice", "flat one0 two one0", "part")
        .Node("Size", "part", "count").Node("Expand", "ones target2", "wide").Integers("target2", 3, 2).Node("Tile", "part repeats", "tiled").Integers("repeats", 1, 2)
        .Node("Split", "tiled", "a b", ("axis", 1)).Node("Transpose", "a", "t", ("perm", new[] { 1, 0 })).Node("Flatten", "t", "y", ("axis", 1)).Output("y").Output("b").Output("wide").Output("floats").Output("count");

    private static OnnxModelBuilder Indexing() => new OnnxModelBuilder(16).Input("x", 3, 4).Initializer(OnnxModelBuilder.Tensor("i", [1, 2], 0L, 2L)).Initializer(OnnxModelBuilder.Tensor("e", [3, 1], 0L, 1L, 2L))
        .Node("GatherND", "x i", "a").Node("GatherElements", "x e", "b", ("axis", 1)).Weights("u", 3, 1).Node("ScatterElements", "x e u", "c", ("axis", 1), ("reduction", "add"))
        .Weights("v", 1).Node("ScatterND", "c i v", "d").Integers("pads", 0, 1, 1, 0).Node("Pad", "d pads", "p", ("mode", "reflect")).Integers("k", 2).Node("TopK", "p k", "t q", ("axis", -1), ("largest", 1))
        .IntegerScalar("axis", 1).Node("CumSum", "t axis", "s", ("exclusive", 1)).Node("Trilu", "s", "y", ("upper", 0)).Output("y").Output("a").Output("b").Output("q");

    private static OnnxModelBuilder Resizing() => new OnnxModelBuilder(18).Input("x", 1, 4, 3, 3).Floats("scales", [4], 1, 1, 2, 2).Integers("sizes", 1, 1, 5, 4)
        .Node("Resize", "x _ scales", "a", ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor"))
        .Node("DepthToSpace", "a", "b", ("blocksize", 2), ("mode", "CRD")).Node("SpaceToDepth", "b", "c", ("blocksize", 2)).Node("DepthToSpace", "c", "d", ("blocksize", 2))
        .Node("Resize", "d _ _ sizes", "y", ("mode", "cubic"), ("antialias", 1), ("cubic_coeff_a", -0.5f), ("exclude_outside", 1)).Output("y");

    private static OnnxModelBuilder Quantized() => new OnnxModelBuilder(13).Input("x", 1, 1, 4, 4).Floats("s", [], 0.1f).Initializer(OnnxModelBuilder.Raw("z", DataType.Uint8, [], 128))
        .Initializer(OnnxModelBuilder.Raw("w", DataType.Uint8, [1, 1, 2, 2], 1, 2, 3, 4)).Floats("ws", [1], 0.5f).Initializer(OnnxModelBuilder.Raw("wz", DataType.Uint8, [1], 1))
        .Node("QuantizeLinear", "x s z", "q").Node("QLinearConv", "q s z w ws wz s z", "c", ("kernel_shape", new[] { 2, 2 })).Node("ConvInteger", "q w z", "i")
        .Node("DequantizeLinear", "c s z", "d", ("axis", 1)).Node("DynamicQuantizeLinear", "d", "e es ez").Node("MatMulInteger", "e e ez", "y").Output("y").Output("i").Output("es");

    private static OnnxModelBuilder Branch()
    {
        OnnxModelBuilder yes = new OnnxModelBuilder().Weights("inner", 4).Node("Add", "x inner", "r").Output("r"), no = new OnnxModelBuilder().Node("Relu", "x", "r").Output("r");
        return new OnnxModelBuilder().Input("x", 4).Initializer(OnnxModelBuilder.Raw("c", DataType.Bool, [], 1))
            .Node("If", "c", "y", ("then_branch", yes.Graph), ("else_branch", no.Graph)).Output("y");
    }

    private static OnnxModelBuilder Loop()
    {
        OnnxModelBuilder body = new OnnxModelBuilder().Input("i", DataType.Int64).Input("go", DataType.Bool).Input("v", 4)
            .Node("Cast", "i", "f", ("to", (int)DataType.Float)).Node("Add", "v f", "w").Node("Identity", "go", "go2").Node("Identity", "w", "scan").Output("go2").Output("w").Output("scan");
        return new OnnxModelBuilder().Input("x", 4).IntegerScalar("n", 3).Node("Loop", "n _ x", "y all", ("body", body.Graph)).Output("y").Output("all");
    }

    private static OnnxModelBuilder Scan()
    {
        OnnxModelBuilder body = new OnnxModelBuilder().Input("s", 2).Input("v", 2).Node("Add", "s v", "t").Node("Identity", "t", "o").Output("t").Output("o");
        return new OnnxModelBuilder().Input("x", 3, 2).Floats("init", [2], 0, 0)
            .Node("Scan", "init x", "y all", ("body", body.Graph), ("num_scan_inputs", 1), ("scan_input_directions", new[] { 1 }), ("scan_output_axes", new[] { 1 })).Output("y").Output("all");
    }

    private static OnnxModelBuilder Sequence() => new OnnxModelBuilder().Input("x", 4, 2).Integers("parts", 1, 3).IntegerScalar("p", -1)
        .Node("SplitToSequence", "x parts", "s", ("axis", 0)).Node("SequenceAt", "s p", "a").Node("SequenceInsert", "s a p", "t").Node("SequenceErase", "t p", "u")
        .Node("SequenceLength", "u", "n").Node("ConcatFromSequence", "u", "y", ("axis", 0)).Output("y").Output("n");

    public static OnnxModelBuilder Function()
    {
        OnnxModelBuilder builder = new OnnxModelBuilder().Input("x", 1, 4).Node("my::Outer", "x", "y", ("alpha", 0.5f)).Output("y");
        builder.Model.OpsetImport.Add(new OperatorSetIdProto { Domain = "my", Version = 1 });
        FunctionProto inner = Function("Inner", new OnnxModelBuilder().Node("Relu", "a", "b"));
        FunctionProto outer = Function("Outer", new OnnxModelBuilder().Node("my::Inner", "a", "t").Node("Gemm", "t w", "b").Node("Constant", "", "w", ("value", OnnxModelBuilder.Tensor("w", [4, 1], 1f, 2f, 3f, 4f))));
        outer.Attribute.Add("alpha");
        outer.Node[1].Attribute.Add(new AttributeProto { Name = "alpha", RefAttrName = "alpha", Type = AttributeProto.Types.AttributeType.Float });
        builder.Model.Functions.Add([inner, outer]);
        return builder;
    }

    private static FunctionProto Function(string name, OnnxModelBuilder body)
    {
        FunctionProto function = new() { Name = name, Domain = "my" };
        function.Input.Add("a");
        function.Output.Add("b");
        function.Node.Add(body.Graph.Node);
        return function;
    }

    public static OnnxModelBuilder Sparse()
    {
        OnnxModelBuilder builder = new OnnxModelBuilder().Input("x", 2, 3).Node("MatMul", "x w", "y").Output("y");
        SparseTensorProto sparse = new() { Values = OnnxModelBuilder.Tensor("w", [2], 5f, 7f), Indices = OnnxModelBuilder.Tensor("", [2, 2], 0L, 1L, 2L, 0L) };
        sparse.Dims.Add([3, 2]);
        builder.Graph.SparseInitializer.Add(sparse);
        return builder;
    }

    private static OnnxModelBuilder Reductions() => new OnnxModelBuilder(18).Input("x", 1, 3, 4, 4).Integers("image", 2, 3).Integers("last", -1)
        .Node("ReduceMean", "x image", "m", ("keepdims", 1)).Node("Sub", "x m", "c").Node("ReduceL2", "c last", "l", ("keepdims", 0)).Node("ReduceSum", "l last", "s")
        .Node("ReduceLogSumExp", "s", "e", ("noop_with_empty_axes", 1)).Node("ArgMin", "e", "y", ("axis", 1), ("select_last_index", 1)).Output("y").Output("s");
}

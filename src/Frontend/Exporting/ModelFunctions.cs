using PrivateInference.Frontend.Schema;
using static PrivateInference.Frontend.Exporting.ExportAttribute;
using DataType = PrivateInference.Frontend.Schema.TensorProto.Types.DataType;
using Kind = PrivateInference.Frontend.Schema.AttributeProto.Types.AttributeType;

namespace PrivateInference.Frontend.Exporting;

/// <summary>The functions of <see cref="FunctionDomain"/>, in operators of a given set that mean the same in all newer ones.</summary>
internal static class ModelFunctions
{
    /// <summary>1 where x ≥ 0, else 0. <c>to</c> is x's element type.</summary>
    public static FunctionProto DRelu(int opset)
        => new FunctionBuilder(FunctionDomain.DRelu, opset, "1 where x >= 0, else 0: the sign decision of ReLU(x) = x * DRelu(x).", ["x"])
            .Default(Int("to", (int)DataType.Float))
            .Node("Constant", "", "number", Float("value_float", 0))
            .Node("Cast", "number", "zero", ElementTypeOfCall)
            .Node("GreaterOrEqual", "x zero", "positive")
            .Node("Cast", "positive", FunctionBuilder.Output, ElementTypeOfCall)
            .Build();

    /// <summary>
    /// x where turned is 0, 1 − x where it is 1. The attributes say how the turned ones came about; without a seed there are
    /// none, and the parties of a secure execution draw them.
    /// </summary>
    public static FunctionProto RandomFlip(int opset)
        => new FunctionBuilder(
                FunctionDomain.RandomFlip, opset, "x where turned is 0, 1 - x where it is 1, for x of 0 or 1.", ["x", "turned"], "probability", "seeded", "seed")
            .Node("Mul", "x turned", "both")
            .Node("Sub", "x both", "kept")
            .Node("Sub", "turned both", "flipped")
            .Node("Add", "kept flipped", FunctionBuilder.Output)
            .Build();

    /// <summary>
    /// Σ c_k·x^k by Horner's rule. Inputs: x; coefficients C×(degree + 1), lowest power first. <c>axis</c> is the axis of x
    /// along which they differ; <c>column</c> the shape in which the C coefficients of one power broadcast to x; <c>fitted</c>, which may
    /// be missing, the ends of the interval that they were fitted on.
    /// </summary>
    public static FunctionProto Polynomial(int degree, int opset)
    {
        FunctionBuilder builder = new(
            FunctionDomain.Polynomial(degree), opset,
            "sum of coefficients[c, k] * x^k, c being the index along the axis; column is the shape in which one power's coefficients broadcast to x; fitted holds the ends of the interval that they were fitted on.",
            ["x", "coefficients"], "axis", "column", "fitted");
        builder.Node("Constant", "", "shape", FromCall("value_ints", Kind.Ints, "column"));
        for (int power = 0; power <= degree; power++)
        {
            builder.Node("Constant", "", $"power{power}", Int("value_int", power))
                .Node("Gather", $"coefficients power{power}", $"column{power}", Int("axis", 1))
                .Node("Reshape", $"column{power} shape", $"c{power}");
        }

        if (degree == 0)
            return builder.Node("Shape", "x", "size").Node("Expand", "c0 size", FunctionBuilder.Output).Build();
        string sum = $"c{degree}";
        for (int power = degree - 1; power >= 0; power--)
        {
            string next = power == 0 ? FunctionBuilder.Output : $"sum{power}";
            builder.Node("Mul", $"{sum} x", $"product{power}").Node("Add", $"product{power} c{power}", next);
            sum = next;
        }

        return builder.Build();
    }

    /// <summary>exp(x) / Σ exp(x) over an axis and all after it.</summary>
    public static FunctionProto FlattenedSoftmax(int opset)
        => new FunctionBuilder(FunctionDomain.FlattenedSoftmax, opset, "Softmax over an axis and all after it.", ["x"], "axis")
            .Node("Flatten", "x", "rows", FromCall("axis", Kind.Int, "axis"))
            .Node("Softmax", "rows", "normalized", Int("axis", 1))
            .Node("Shape", "x", "shape")
            .Node("Reshape", "normalized shape", FunctionBuilder.Output)
            .Build();

    /// <summary>
    /// (x − mean)/√(variance + ε) over the axes from <c>axis</c> on, or x/√(mean(x²) + ε) where not centred; then ·scale,
    /// + bias, as far as there are inputs for them. <c>to</c> is x's element type.
    /// </summary>
    public static FunctionProto Normalization(bool centered, int inputs, int opset)
    {
        FunctionBuilder builder = new(
            FunctionDomain.Normalization(centered, inputs), opset,
            "Normalisation over the axes from the given one on; scale and bias broadcast to x.",
            [.. new[] { "x", "scale", "bias" }.Take(inputs)], "axis", "epsilon", "to");
        builder.Node("Flatten", "x", "rows", FromCall("axis", Kind.Int, "axis"));
        string rows = "rows";
        if (centered)
        {
            builder.MeanOfRows(rows, "mean").Node("Sub", "rows mean", "centred");
            rows = "centred";
        }

        builder.Node("Mul", $"{rows} {rows}", "squares").MeanOfRows("squares", "variance")
            .Node("Constant", "", "number", FromCall("value_float", Kind.Float, "epsilon"))
            .Node("Cast", "number", "epsilon", ElementTypeOfCall)
            .Node("Add", "variance epsilon", "shifted").Node("Sqrt", "shifted", "deviation")
            .Node("Div", $"{rows} deviation", "normalized").Node("Shape", "x", "shape")
            .Node("Reshape", "normalized shape", inputs == 1 ? FunctionBuilder.Output : "restored");
        if (inputs > 1)
            builder.Node("Mul", "restored scale", inputs == 2 ? FunctionBuilder.Output : "scaled");
        if (inputs > 2)
            builder.Node("Add", "scaled bias", FunctionBuilder.Output);
        return builder.Build();
    }

    /// <summary>saturate(round(x / scale) + zero), of the element type <c>to</c>, which holds the numbers from <c>lowest</c> to <c>highest</c>.</summary>
    public static FunctionProto QuantizeLinear(int opset)
        => new FunctionBuilder(
                FunctionDomain.QuantizeLinear, opset, "saturate(round(x / scale) + zero); scale and zero broadcast to x.",
                ["x", "scale", "zero"], "to", "lowest", "highest")
            .Node("Div", "x scale", "quotient").Node("Round", "quotient", "rounded")
            .Node("CastLike", "zero x", "offset").Node("Add", "rounded offset", "shifted")
            .Node("Constant", "", "lowest", FromCall("value_float", Kind.Float, "lowest")).Node("CastLike", "lowest x", "minimum")
            .Node("Constant", "", "highest", FromCall("value_float", Kind.Float, "highest")).Node("CastLike", "highest x", "maximum")
            .Node("Clip", "shifted minimum maximum", "saturated")
            .Node("Cast", "saturated", FunctionBuilder.Output, ElementTypeOfCall)
            .Build();

    /// <summary>(x − zero)·scale.</summary>
    public static FunctionProto DequantizeLinear(int opset)
        => new FunctionBuilder(
                FunctionDomain.DequantizeLinear, opset, "(x - zero) * scale; scale and zero broadcast to x.", ["x", "scale", "zero"])
            .Node("CastLike", "x scale", "real").Node("CastLike", "zero scale", "offset")
            .Node("Sub", "real offset", "centred").Node("Mul", "centred scale", FunctionBuilder.Output)
            .Build();

    private static AttributeProto ElementTypeOfCall => FromCall("to", Kind.Int, "to");
}

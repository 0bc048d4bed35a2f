using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Importing;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>Operators that ONNX Runtime's optimiser writes in place of several of ONNX's own; they import as those.</summary>
internal static class Fused
{
    public static (string Name, OperatorImporter Importer)[] Operators =>
    [
        ("com.microsoft.Gelu", context => context.Result(new Gelu(), context.Input(0))),
        ("com.microsoft.BiasGelu", context => BiasGelu(context, new Gelu())),
        ("com.microsoft.FastGelu", context => BiasGelu(context, new Gelu(Tanh: true))),
        ("com.microsoft.QuickGelu", context => Activation.Swish(context, context.Attributes.Float("alpha", 1.702f))),
        ("com.microsoft.FusedConv", FusedConv),
        ("com.microsoft.FusedMatMul", FusedMatMul),
        ("com.microsoft.SkipLayerNormalization", context => SkipLayerNormalization(context, centered: true)),
        ("com.microsoft.SkipSimplifiedLayerNormalization", context => SkipLayerNormalization(context, centered: false)),
    ];

    private static void BiasGelu(ImportContext context, Gelu gelu)
    {
        Operand input = context.Input(0);
        if (context.OptionalInput(1) is { } bias)
            input = context.Step("bias", new Binary(BinaryKind.Add), input, bias);
        context.Result(gelu, input);
    }

    /// <summary>activation(conv(x) + z).</summary>
    private static void FusedConv(ImportContext context)
    {
        (Conv conv, Operand[] operands) = Convolution.Read(context);
        Operand result = context.MainStep("conv", conv, operands);
        if (context.OptionalInput(3) is { } summand)
            result = context.Step("sum", new Binary(BinaryKind.Add), result, summand);
        context.Result(ActivationOf(context), [result], role: "activation");
    }

    private static Operation ActivationOf(ImportContext context)
    {
        float[] parameters = context.Attributes.Floats("activation_params") ?? [];
        string name = context.Attributes.Text("activation", "");
        return (name, parameters) switch
        {
            ("", _) => new Identity(),
            ("Relu", _) => new Relu(),
            ("Sigmoid", _) => new Sigmoid(),
            ("Tanh", _) => new Unary(UnaryKind.Tanh),
            ("LeakyRelu", [float alpha]) => new LeakyRelu(alpha),
            ("Clip", [float minimum, float maximum]) => new Clip(minimum, maximum),
            ("HardSigmoid", [float alpha, float beta]) => new HardSigmoid(alpha, beta),
            _ => throw ImportException.Unsupported($"its activation is '{name}' with {parameters.Length} parameters.", "Export the model without runtime optimisation."),
        };
    }

    /// <summary>alpha·A′·B′, transposition being that of the last two axes.</summary>
    private static void FusedMatMul(ImportContext context)
    {
        if (context.Attributes.Flag("transBatchA") || context.Attributes.Flag("transBatchB"))
            throw ImportException.Unsupported("it transposes the batch.", "Export the model without runtime optimisation.");
        Operand a = Transposed(context, 0, "transA"), b = Transposed(context, 1, "transB");
        float alpha = context.Attributes.Float("alpha", absent: 1);
        if (alpha == 1)
            context.Result(new MatMul(), [a, b]);
        else
            context.Result(new Binary(BinaryKind.Mul), [context.MainStep("matmul", new MatMul(), a, b), context.StepScalar("alpha", a, alpha)], role: "scaled");
    }

    private static Operand Transposed(ImportContext context, int index, string attribute)
    {
        Operand matrix = context.Input(index);
        int rank = matrix.Shape.Rank;
        return rank < 2 || !context.Attributes.Flag(attribute)
            ? matrix
            : context.Step("transposed", new Transpose(new IntVector([.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2])), matrix);
    }

    /// <summary>normalisation(input + skip + bias); the sum is the fourth output.</summary>
    private static void SkipLayerNormalization(ImportContext context, bool centered)
    {
        const float AbsentEpsilon = 1e-12f;
        int biasIndex = centered ? 4 : 3;
        Operand sum = context.Step("sum", new Binary(BinaryKind.Add), context.Input(0), context.Input(1));
        if (context.OptionalInput(biasIndex) is { } bias)
            sum = context.Step("bias", new Binary(BinaryKind.Add), sum, bias);
        LayerNormalization normalization = new(sum.Shape.Rank - 1, context.Attributes.Float("epsilon", AbsentEpsilon), centered);
        Operand? shift = centered ? context.OptionalInput(3) : null;
        context.Result(normalization, shift is null ? [sum, context.Input(2)] : [sum, context.Input(2), shift]);
        context.RequireUnused(1, "the mean");
        context.RequireUnused(2, "the deviation");
        for (int output = 1; output < 4 && context.IsUsed(3); output++)
            context.Result(sum);
    }
}

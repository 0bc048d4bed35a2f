using PrivateInference.Frontend.Exporting;
using PrivateInference.Frontend.Importing;
using PrivateInference.IR.Analysis;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>
/// Operations of the compiler that the exporter writes as functions; they come back as what they were. Attributes that
/// only the functions' bodies need are not read.
/// </summary>
internal static class CompilerFunctions
{
    public static (string Name, OperatorImporter Importer)[] Operators => [.. Functions.Select(f => ($"{FunctionDomain.Name}.{f.Name}", f.Importer))];

    private static IEnumerable<(string Name, OperatorImporter Importer)> Functions =>
    [
        (FunctionDomain.DRelu, context => context.Result(new DRelu(), context.Input(0))),
        (FunctionDomain.RandomFlip, context => context.Result(RandomFlipOf(context), context.Input(0))),
        .. Enumerable.Range(0, Polynomial.MaxDegree + 1).Select(degree => (FunctionDomain.Polynomial(degree), (OperatorImporter)PolynomialOf)),
        (FunctionDomain.FlattenedSoftmax, context => context.Result(new Softmax(Axis(context), Flatten: true), context.Input(0))),
        .. Enumerable.Range(1, 3).SelectMany(inputs => new[] { Normalization(centered: true, inputs), Normalization(centered: false, inputs) }),
        (FunctionDomain.QuantizeLinear, context => context.Result(new QuantizeLinear(context.ElementType("to")), context.AllInputs())),
        (FunctionDomain.DequantizeLinear, context => context.Result(new DequantizeLinear(), context.AllInputs())),
    ];

    private static (string Name, OperatorImporter Importer) Normalization(bool centered, int inputs) => (
        FunctionDomain.Normalization(centered, inputs),
        context => context.Result(new LayerNormalization(Axis(context), context.Attributes.Float("epsilon", 0), centered), context.AllInputs()));

    private static RandomFlip RandomFlipOf(ImportContext context) => new(
        context.Attributes.Float("probability", 0),
        context.Attributes.Int("seeded", 0) == 1 ? context.Attributes.Int("seed", 0) : null);

    private static void PolynomialOf(ImportContext context) => context.Result(
        new Polynomial(Axis(context)) { Fitted = context.Attributes.Floats("fitted") is [var minimum, var maximum] ? new Interval(minimum, maximum) : null },
        [context.Input(0), context.Input(1)]);

    private static int Axis(ImportContext context)
        => context.Input(0).Shape.NormalizeAxis(checked((int)context.Attributes.Int("axis")));
}

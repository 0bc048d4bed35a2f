using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Importing;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>Normalisation by given statistics, by neighbouring channels, and by norms.</summary>
internal static class Normalization
{
    private const float DefaultEpsilon = 1e-5f;

    public static (string Name, OperatorImporter Importer)[] Operators =>
    [
        ("BatchNormalization", BatchNormalization),
        ("LRN", LocalResponse),
        ("LpNormalization", LpNormalization),
    ];

    private static void BatchNormalization(ImportContext context)
    {
        float epsilon = context.Attributes.Float("epsilon", DefaultEpsilon);
        Operand[] inputs = [context.Input(0), context.Input(1), context.Input(2), context.Input(3), context.Input(4)];
        if (context.Opset < 7 && !context.Attributes.Flag("is_test"))
            throw ImportException.Unsupported("it is in training mode: it normalises by the statistics of the batch.", "Export the model in evaluation mode.");
        if (context.Opset >= 14 && context.Attributes.Flag("training_mode"))
        {
            ByStatisticsOfTheBatch(context, inputs, epsilon);
            return;
        }

        for (int output = 1; output < context.OutputCount; output++)
            context.RequireUnused(output, "a statistic of the batch");
        if (context.OutputCount > 1)
            context.Warn(DiagnosticCodes.TrainingLeftover, "its training outputs are not used; it is taken as inference-time normalisation.");
        if (context.Opset < 9 && !context.Attributes.Flag("spatial", absent: true))
            PerPosition(context, inputs, epsilon);
        else
            context.Result(new BatchNormalization(epsilon), inputs);
    }

    /// <summary>Every position has parameters of its own: (x − mean)/√(variance + ε)·scale + bias.</summary>
    private static void PerPosition(ImportContext context, Operand[] inputs, float epsilon)
    {
        Operand shifted = context.Step("shifted", new Binary(BinaryKind.Add), inputs[4], context.StepScalar("epsilon", inputs[4], epsilon));
        Operand factor = context.Step("factor", new Binary(BinaryKind.Div), inputs[1], context.Step("deviation", new Unary(UnaryKind.Sqrt), shifted));
        Operand centered = context.Step("centered", new Binary(BinaryKind.Sub), inputs[0], inputs[3]);
        context.Result(new Binary(BinaryKind.Add), [context.Step("scaled", new Binary(BinaryKind.Mul), centered, factor), inputs[2]]);
    }

    /// <summary>Outputs beyond the first: the running mean and variance, moved towards the batch's.</summary>
    private static void ByStatisticsOfTheBatch(ImportContext context, Operand[] inputs, float epsilon)
    {
        context.Warn(DiagnosticCodes.TrainingLeftover, "it is in training mode: it normalises by the statistics of the batch, not by those of the training.");
        Shape shape = inputs[0].Shape;
        if (shape.Rank < 2)
            throw new GraphException($"{shape} has no channels.");
        int[] channelsFirst = [1, 0, .. Enumerable.Range(2, shape.Rank - 2)];
        Operand byChannel = context.Step("channels", new Transpose(new IntVector(channelsFirst)), inputs[0]);
        (Operand mean, Operand variance) = Moments.OfRows(context, byChannel, shape[1]);
        Reshape perChannel = new(new Shape(shape[1]));
        mean = context.Step("mean", perChannel, mean);
        variance = context.Step("variance", perChannel, variance);
        context.Result(new BatchNormalization(epsilon), [inputs[0], inputs[1], inputs[2], mean, variance]);
        if (!context.IsUsed(1) && !context.IsUsed(2))
            return;
        float momentum = context.Attributes.Float("momentum", absent: 0.9f);
        Moved(context, inputs[3], mean, momentum);
        Moved(context, inputs[4], variance, momentum);
    }

    /// <summary>running·momentum + batch·(1 − momentum).</summary>
    private static void Moved(ImportContext context, Operand running, Operand batch, float momentum)
    {
        Operand kept = context.Step("kept", new Binary(BinaryKind.Mul), running, context.StepScalar("momentum", running, momentum));
        Operand added = context.Step("added", new Binary(BinaryKind.Mul), batch, context.StepScalar("rest", batch, 1 - momentum));
        context.Result(new Binary(BinaryKind.Add), [kept, added]);
    }

    private static void LocalResponse(ImportContext context)
    {
        NodeAttributes attributes = context.Attributes;
        int size = checked((int)attributes.Int("size"));
        context.Result(
            new LocalResponseNormalization(size, attributes.Float("alpha", 1e-4f), attributes.Float("beta", 0.75f), attributes.Float("bias", 1)),
            context.Input(0));
    }

    private static void LpNormalization(ImportContext context)
    {
        int axis = context.Input(0).Shape.NormalizeAxis(checked((int)context.Attributes.Int("axis", absent: -1)));
        context.Result(new LpNormalization(axis, checked((int)context.Attributes.Int("p", absent: 2))), context.Input(0));
    }
}

using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Importing;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>Batch normalisation at inference time.</summary>
internal static class Normalization
{
    private const float DefaultEpsilon = 1e-5f;

    public static (string Name, OperatorImporter Importer)[] Operators => [("BatchNormalization", BatchNormalization)];

    private static void BatchNormalization(ImportContext context)
    {
        if (IsTraining(context))
            throw ImportException.Unsupported("it is in training mode: it normalises by the statistics of the batch.", "Export the model in evaluation mode.");
        if (context.Opset < 9 && !context.Attributes.Flag("spatial", absent: true))
            throw ImportException.Unsupported("it normalises each position by itself (spatial = 0).", "Normalise per channel.");
        for (int output = 1; output < context.OutputCount; output++)
            context.RequireUnused(output, "a statistic of the batch");
        if (context.OutputCount > 1)
            context.Warn(DiagnosticCodes.TrainingLeftover, "its training outputs are not used; it is taken as inference-time normalisation.");
        BatchNormalization operation = new(context.Attributes.Float("epsilon", DefaultEpsilon));
        context.Result(operation, [context.Input(0), context.Input(1), context.Input(2), context.Input(3), context.Input(4)]);
    }

    private static bool IsTraining(ImportContext context) => context.Opset switch
    {
        < 7 => !context.Attributes.Flag("is_test"),
        < 14 => false,
        _ => context.Attributes.Flag("training_mode"),
    };
}

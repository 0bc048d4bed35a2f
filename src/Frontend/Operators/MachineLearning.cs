using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Importing;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>The operators of <c>ai.onnx.ml</c>, as scikit-learn's converter writes them, that are linear layers.</summary>
internal static class MachineLearning
{
    public static (string Name, OperatorImporter Importer)[] Operators =>
    [
        ("ai.onnx.ml.LinearRegressor", LinearRegressor),
        ("ai.onnx.ml.LinearClassifier", LinearClassifier),
        ("ai.onnx.ml.Scaler", Scaler),
        ("ai.onnx.ml.Normalizer", Normalizer),
        ("ai.onnx.ml.ArrayFeatureExtractor", ArrayFeatureExtractor),
        ("ai.onnx.ml.ZipMap", ZipMap),
    ];

    private static void LinearRegressor(ImportContext context)
        => context.Result(PostTransform(context), Linear(context, checked((int)context.Attributes.Int("targets", absent: 1))));

    /// <summary>Outputs: the label of the class with the largest score, then the scores.</summary>
    private static void LinearClassifier(ImportContext context)
    {
        long[]? labels = context.Attributes.Ints("classlabels_ints");
        int classes = Coefficients(context).Length / Math.Max(Features(context).Shape[1], 1);
        if (classes < 2 || (labels is not null && labels.Length != classes))
            throw ImportException.Unsupported($"it has {classes} rows of coefficients for {labels?.Length ?? classes} classes.", "Export a model with one row a class.");
        Operation postTransform = PostTransform(context);
        Operand scores = Linear(context, classes);
        Operand best = context.Step("best", new ArgMax(1, KeepDimensions: false), scores);
        if (labels is null)
            context.Warn(DiagnosticCodes.LabelsDropped, "its classes are named by text; their positions stand for the names.");
        if (labels is null || labels.Select((label, i) => label == i).All(same => same))
            context.Result(best);
        else
            context.Result(new Gather(0), [context.StepConstant("labels", Tensor.FromInt64(labels)), best], role: "label");
        context.Result(postTransform, scores);
    }

    /// <summary>x·Wᵀ + b, the coefficients W given row by row.</summary>
    private static Operand Linear(ImportContext context, int rows)
    {
        Operand input = Features(context);
        float[] coefficients = Coefficients(context), intercepts = context.Attributes.Floats("intercepts") ?? new float[rows];
        Operand weight = context.StepConstant("coefficients", Tensor.FromFloats(new Shape(rows, input.Shape[1]), coefficients));
        Operand product = context.MainStep("matmul", new MatMul(), input, context.Step("transposed", new Transpose(new IntVector(1, 0)), weight));
        return context.Step("scores", new Binary(BinaryKind.Add), product, context.StepConstant("intercepts", Tensor.FromFloats(new Shape(rows), intercepts)));
    }

    private static float[] Coefficients(ImportContext context)
        => context.Attributes.Floats("coefficients") ?? throw ImportException.MissingAttribute("coefficients");

    /// <summary>The input as floats, one sample a row.</summary>
    private static Operand Features(ImportContext context)
    {
        Operand input = context.Input(0);
        if (input.Shape.Rank is not (1 or 2))
            throw new GraphException($"{input.Shape} is not a matrix of samples.");
        if (input.Type.Element is not ElementType.Float32)
            input = context.Step("float", new Cast(ElementType.Float32), input);
        return input.Shape.Rank == 2 ? input : context.Step("row", new Reshape(new Shape(1, input.Shape[0])), input);
    }

    private static Operation PostTransform(ImportContext context) => context.Attributes.Text("post_transform", "NONE") switch
    {
        "NONE" => new Identity(),
        "SOFTMAX" => new Softmax(1),
        "LOGISTIC" => new Sigmoid(),
        var other => throw ImportException.Unsupported($"its post_transform is '{other}'.", "Export raw scores; the application can transform them."),
    };

    /// <summary>(x − offset)·scale, each one number or one per feature.</summary>
    private static void Scaler(ImportContext context)
    {
        Operand input = Features(context);
        Operand offset = Vector(context, "offset", absent: 0), scale = Vector(context, "scale", absent: 1);
        context.Result(new Binary(BinaryKind.Mul), [context.Step("centered", new Binary(BinaryKind.Sub), input, offset), scale]);
    }

    private static Operand Vector(ImportContext context, string name, float absent)
    {
        float[] values = context.Attributes.Floats(name) ?? [absent];
        return context.StepConstant(name, Tensor.FromFloats(new Shape(values.Length), values));
    }

    private static void Normalizer(ImportContext context)
    {
        int order = context.Attributes.Text("norm", "MAX") switch
        {
            "L1" => 1,
            "L2" => 2,
            var other => throw ImportException.Unsupported($"its norm is '{other}'.", "Normalise by L1 or L2."),
        };
        context.Result(new LpNormalization(1, order), Features(context));
    }

    /// <summary>Elements along the last axis; of a vector, as a row.</summary>
    private static void ArrayFeatureExtractor(ImportContext context)
    {
        Operand input = context.Input(0), positions = context.Input(1);
        if (input.Shape.Rank == 1)
            input = context.Step("row", new Reshape(new Shape(1, input.Shape.Count)), input);
        Operand list = context.Step("list", new Reshape(new Shape(positions.Shape.Count)), positions);
        context.Result(new Gather(input.Shape.Rank - 1), [input, list]);
    }

    private static void ZipMap(ImportContext context)
    {
        context.Warn(DiagnosticCodes.LabelsDropped, "its map from labels to scores is left out; the scores stand in the order of the labels.");
        context.Result(new Identity(), context.Input(0));
    }
}

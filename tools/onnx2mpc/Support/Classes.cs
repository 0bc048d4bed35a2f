using System.Collections.Immutable;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.CommandLine.Support;

/// <summary>Reads a model's output as a classification.</summary>
internal static class Classes
{
    /// <summary>No classifier has so many classes; a longer vector is a flattened feature map.</summary>
    private const int MostClasses = 1 << 16;

    /// <summary>Whether a plan's output is a class, or a vector of scores.</summary>
    public static bool IsClassification(ExecutionPlan plan)
    {
        OutputStep step = (OutputStep)plan.Steps[^1];
        ImmutableArray<int> shape = plan.Values[step.Output].Shape;
        return step.Function is OutputFunction.ArgMax || (shape.Count(d => d != 1) == 1 && shape.Max() <= MostClasses);
    }

    /// <summary>The position of the largest element; a single element is itself a class index.</summary>
    public static int Of(ReadOnlySpan<float> output)
    {
        if (output.Length == 1)
            return (int)output[0];
        int best = 0;
        for (int i = 1; i < output.Length; i++)
        {
            if (output[i] > output[best])
                best = i;
        }

        return best;
    }

    /// <summary>The probability of the predicted class: the output itself where it is a distribution, its softmax where it is logits.</summary>
    public static double Confidence(ReadOnlySpan<float> output)
    {
        int best = Of(output);
        if (output.Length == 1)
            return double.NaN;
        double sum = 0;
        bool distribution = true;
        foreach (float element in output)
        {
            sum += element;
            distribution &= element is >= 0 and <= 1;
        }

        if (distribution && Math.Abs(sum - 1) < 1e-3)
            return output[best];
        double total = 0;
        foreach (float element in output)
            total += Math.Exp(element - output[best]);
        return 1 / total;
    }
}

using System.Collections.Immutable;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Plan;

/// <summary>Turns the opened ring elements into the model's result: decodes, then applies the output step's function.</summary>
public static class OutputDecoder
{
    /// <param name="plan">A verified plan.</param>
    /// <param name="words">The opened value of the output step.</param>
    public static DecodedOutput Decode(ExecutionPlan plan, ReadOnlySpan<ulong> words)
    {
        ArgumentNullException.ThrowIfNull(plan);
        OutputStep step = (OutputStep)plan.Steps[^1];
        PlanValue value = plan.Values[step.Output];
        float[] elements = new float[value.Count];
        FixedPointEncoding.Decode(value, new Ring(plan.RingBits), words, elements);
        return step.Function switch
        {
            OutputFunction.None => new DecodedOutput(value.Shape, [.. elements]),
            OutputFunction.Softmax => new DecodedOutput(value.Shape, Softmax(value.Shape, step.Axis, elements)),
            OutputFunction.ArgMax => ArgMax(value.Shape, step, elements),
            _ => throw new InvalidOperationException($"Unknown output function {step.Function}."),
        };
    }

    private static ImmutableArray<float> Softmax(ImmutableArray<int> shape, int axis, float[] elements)
    {
        (int size, int stride) = Lines(shape, axis);
        foreach (int first in Firsts(elements.Length, size, stride))
        {
            float max = float.NegativeInfinity;
            for (int i = 0; i < size; i++)
                max = Math.Max(max, elements[first + (i * stride)]);
            double sum = 0;
            for (int i = 0; i < size; i++)
                sum += Math.Exp(elements[first + (i * stride)] - max);
            for (int i = 0; i < size; i++)
                elements[first + (i * stride)] = (float)(Math.Exp(elements[first + (i * stride)] - max) / sum);
        }

        return [.. elements];
    }

    private static DecodedOutput ArgMax(ImmutableArray<int> shape, OutputStep step, float[] elements)
    {
        (int size, int stride) = Lines(shape, step.Axis);
        ImmutableArray<float>.Builder indices = ImmutableArray.CreateBuilder<float>();
        foreach (int first in Firsts(elements.Length, size, stride))
        {
            int best = 0;
            for (int i = 1; i < size; i++)
            {
                float candidate = elements[first + (i * stride)], leader = elements[first + (best * stride)];
                if (candidate > leader || (step.SelectLast && candidate >= leader))
                    best = i;
            }

            indices.Add(best);
        }

        ImmutableArray<int> remaining = step.KeepAxis ? shape.SetItem(step.Axis, 1) : shape.RemoveAt(step.Axis);
        return new DecodedOutput(remaining, indices.ToImmutable());
    }

    private static (int Size, int Stride) Lines(ImmutableArray<int> shape, int axis)
        => (shape[axis], RingLayout.Strides(shape.AsSpan())[axis]);

    /// <summary>The first element of every line along an axis, in row-major order.</summary>
    private static IEnumerable<int> Firsts(int count, int size, int stride)
        => Enumerable.Range(0, count / size).Select(line => (line / stride * size * stride) + (line % stride));
}

using System.Collections.Immutable;

namespace PrivateInference.Runtime.Hosting;

/// <summary>What the client learns from one inference, and what it cost.</summary>
public sealed record InferenceResult
{
    /// <summary>The model's output, row-major: logits, or what the model's last function makes of them.</summary>
    public required ImmutableArray<float> Output { get; init; }

    public required ImmutableArray<int> Shape { get; init; }

    /// <summary>The opened fixed-point output before decoding, as signed integers; equals the plan's clear execution.</summary>
    public required ImmutableArray<long> FixedPoint { get; init; }

    /// <summary>
    /// Of a plan with a range check: whether some polynomial activation of this inference got an input outside of the interval it
    /// was fitted on, so that the prediction may mean nothing. Null where the plan has no check.
    /// </summary>
    public bool? OutOfRange { get; init; }

    public required InferenceStatistics Statistics { get; init; }

    /// <summary>Index of the largest element: the predicted class of a classifier.</summary>
    public int Argmax
    {
        get
        {
            int best = 0;
            for (int i = 1; i < Output.Length; i++)
            {
                if (Output[i] > Output[best])
                    best = i;
            }

            return best;
        }
    }
}

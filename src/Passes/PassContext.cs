using PrivateInference.IR;
using PrivateInference.IR.Execution;

namespace PrivateInference.Passes;

/// <summary>What a pass may use besides the graph.</summary>
public sealed record PassContext
{
    public static PassContext Default { get; } = new();

    /// <summary>Ends a compilation early; passes look at it between nodes.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The range that every input element is clamped to; null where any number may come.</summary>
    public (float Minimum, float Maximum)? InputRange { get; init; }

    /// <summary>Sample inputs, where the user gave some.</summary>
    public CalibrationData? Calibration { get; init; }

    /// <summary>
    /// The graph before the first pass of the list being run; null where a pass runs on its own. Passes keep the names of
    /// the values that survive, so a value stands for what the original's value of the same name does.
    /// </summary>
    public Graph? Original { get; init; }

    /// <summary>Where a pass says what a user should know: what it left alone and why, or what it measured.</summary>
    public Action<string> Note { get; init; } = static _ => { };

    /// <summary>The sample inputs, for a pass that cannot do without.</summary>
    /// <param name="purpose">What they are for, as the end of "the pass needs sample inputs …".</param>
    /// <exception cref="PassException">There are none; the message says how to give some.</exception>
    public CalibrationData RequireCalibration(string purpose) => Calibration is { Samples.IsEmpty: false } data
        ? data
        : throw new PassException($"The pass needs sample inputs {purpose}: give --calibrate DATA.");
}

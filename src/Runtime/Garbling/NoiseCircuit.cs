using System.Collections.Concurrent;

namespace PrivateInference.Runtime.Garbling;

/// <summary>
/// A random bit that is 1 with a public probability t / 2^k: whether a uniform word of k bits is less than t, unsigned. All
/// inputs are the evaluator's; a garbler that shifts their labels by bits of its own makes the word the exclusive or of both
/// parties' words. k − 1 ANDs, less one for each zero that t ends with.
/// </summary>
public static class NoiseCircuit
{
    private static readonly ConcurrentDictionary<(int Bits, int Threshold), Circuit> s_circuits = new();

    /// <summary>The circuit for words of k bits, 1 to 30; built once and shared.</summary>
    /// <exception cref="ArgumentOutOfRangeException">k is outside its range, or t is not between 0 and 2^k.</exception>
    public static Circuit Create(int bits, int threshold)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 30);
        ArgumentOutOfRangeException.ThrowIfLessThan(threshold, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(threshold, 1 << bits);
        return s_circuits.GetOrAdd((bits, threshold), key => Build(key.Bits, key.Threshold));
    }

    // A sign bit of zero makes the signed comparison an unsigned one, and folds away.
    private static Circuit Build(int bits, int threshold)
    {
        CircuitBuilder builder = new(0, bits);
        return builder.Build(builder.LessThanConstant([.. builder.EvaluatorInput(0, bits), Wire.Zero], threshold));
    }
}

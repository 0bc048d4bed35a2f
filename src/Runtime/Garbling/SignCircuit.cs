using System.Collections.Concurrent;

namespace PrivateInference.Runtime.Garbling;

/// <summary>
/// The sign decision alone: whether a + b mod 2^m ≥ 0 as a signed number, a at the garbler and b at the evaluator. Only the
/// carries are computed: m − 1 ANDs.
/// </summary>
public static class SignCircuit
{
    private static readonly ConcurrentDictionary<int, Circuit> s_circuits = new();

    /// <summary>The circuit for words of m bits, 1 to 64; built once and shared.</summary>
    /// <exception cref="ArgumentOutOfRangeException">m is outside its range.</exception>
    public static Circuit Create(int bits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 64);
        return s_circuits.GetOrAdd(bits, Build);
    }

    private static Circuit Build(int bits)
    {
        CircuitBuilder builder = new(bits, bits);
        Wire[] sum = builder.Add(builder.GarblerInput(0, bits), builder.EvaluatorInput(0, bits));
        return builder.Build(builder.Not(sum[^1]));
    }
}

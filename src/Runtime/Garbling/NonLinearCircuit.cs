using System.Collections.Concurrent;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Runtime.Garbling;

/// <summary>
/// The circuits of non-linear steps. The server, who garbles, holds words a_j and learns y − r; the client, who evaluates,
/// holds words b_j and the mask r. y = activation(max_j (a_j + b_j mod 2^m) ≫ f), all signed; the result is modulo 2^ℓ.
/// Shifting before the maximum and activating after it gives the same number with fewer gates, since all are monotone.
/// </summary>
public static class NonLinearCircuit
{
    private static readonly ConcurrentDictionary<NonLinearFunction, Circuit> s_circuits = new();

    /// <summary>The circuit of a function; built once and shared.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is outside its range.</exception>
    public static Circuit Create(NonLinearFunction function) => s_circuits.GetOrAdd(function, Build);

    /// <summary>AND gates of one instance: the garbled tables are 32 bytes each.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is outside its range.</exception>
    public static int AndGates(NonLinearFunction function) => Create(function).AndGates;

    /// <summary>The garbler's packed inputs: word j of instance i is <paramref name="shares"/>[i·k + j], its low m bits.</summary>
    /// <exception cref="ArgumentException">The words are no whole number of windows.</exception>
    public static byte[] PackServerInputs(NonLinearFunction function, ReadOnlySpan<ulong> shares)
    {
        _ = Windows(function, shares);
        return PackedBits.Pack(shares, function.InputBits);
    }

    /// <summary>The evaluator's packed inputs, laid out like the garbler's with the ℓ-bit mask of the instance after its words.</summary>
    /// <exception cref="ArgumentException">The words are no whole number of windows, or not one window a mask.</exception>
    public static byte[] PackClientInputs(NonLinearFunction function, ReadOnlySpan<ulong> shares, ReadOnlySpan<ulong> masks)
    {
        if (Windows(function, shares) != masks.Length)
            throw new ArgumentException("Each instance has one mask.", nameof(masks));

        byte[] packed = new byte[PackedBits.ByteCount((long)masks.Length * function.ClientBits)];
        BitWriter writer = new(packed);
        ulong inputMask = new Ring(function.InputBits).Mask, ringMask = new Ring(function.RingBits).Mask;
        for (int i = 0; i < masks.Length; i++)
        {
            foreach (ulong share in shares.Slice(i * function.WindowSize, function.WindowSize))
                writer.Write(share & inputMask, function.InputBits);
            writer.Write(masks[i] & ringMask, function.RingBits);
        }

        writer.Flush();
        return packed;
    }

    private static int Windows(NonLinearFunction function, ReadOnlySpan<ulong> shares)
    {
        if (shares.Length % function.WindowSize != 0)
            throw new ArgumentException($"{shares.Length} words are no whole windows of {function.WindowSize}.", nameof(shares));
        return shares.Length / function.WindowSize;
    }

    private static Circuit Build(NonLinearFunction function)
    {
        Validate(function);
        var builder = new CircuitBuilder(function.ServerBits, function.ClientBits);
        Wire[] maximum = ShiftedWord(builder, function, 0);
        for (int j = 1; j < function.WindowSize; j++)
            maximum = builder.Max(maximum, ShiftedWord(builder, function, j));

        Wire[] activated = function.Activation switch
        {
            Activation.None => maximum,
            Activation.Relu => builder.Relu(maximum),
            Activation.Clip => builder.Clip(maximum, function.Lower, function.Upper),
            _ => throw new ArgumentOutOfRangeException(nameof(function), function.Activation, "Unknown activation."),
        };
        Wire[] mask = builder.EvaluatorInput(function.WindowSize * function.InputBits, function.RingBits);
        return builder.Build(builder.Subtract(CircuitArithmetic.Resize(activated, function.RingBits), mask));
    }

    private static Wire[] ShiftedWord(CircuitBuilder builder, NonLinearFunction function, int j)
    {
        Wire[] a = builder.GarblerInput(j * function.InputBits, function.InputBits);
        Wire[] b = builder.EvaluatorInput(j * function.InputBits, function.InputBits);
        return CircuitArithmetic.ShiftRight(builder.Add(a, b), function.Shift);
    }

    private static void Validate(NonLinearFunction function)
    {
        bool valid = function.InputBits is >= 1 and <= 64
            && function.RingBits is >= 1 and <= 64
            && function.WindowSize >= 1
            && function.Shift >= 0
            && function.Shift < function.InputBits;
        if (!valid)
            throw new ArgumentOutOfRangeException(nameof(function), function, "A size is outside its range.");
    }
}

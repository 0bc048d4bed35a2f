using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>
/// A clip as two ReLUs side by side: with f bits dropped, min(max(x ≫ f, L), U) = L + max((x − L·2^f) ≫ f, 0) − max((x − U·2^f) ≫ f, 0),
/// as both differences drop the same bits. They have m + 1 bits.
/// </summary>
/// <param name="step">A step that <see cref="IsPossible"/>.</param>
/// <param name="ring">The plan's.</param>
internal sealed class ClipSides(NonLinearStep step, Ring ring)
{
    private readonly ulong _lower = (ulong)Reached(step, step.Lower);
    private readonly ulong _upper = (ulong)Reached(step, step.Upper);

    /// <summary>Whether the differences fit the ring, and some numbers lie between the bounds.</summary>
    public static bool IsPossible(NonLinearStep step, int ringBits)
        => step.InputBits < ringBits && step.Lower <= Largest(step) && step.Upper >= -Largest(step) - 1;

    /// <summary>A party's share of both differences of every element: the server subtracts the bounds.</summary>
    public ulong[] Differences(ReadOnlySpan<ulong> share, bool isServer)
    {
        ulong[] differences = [.. share, .. share];
        for (int i = 0; isServer && i < share.Length; i++)
        {
            differences[i] = (share[i] - (_lower << step.Shift)) & ring.Mask;
            differences[share.Length + i] = (share[i] - (_upper << step.Shift)) & ring.Mask;
        }

        return differences;
    }

    /// <summary>The client's shares of both ReLUs, those of the second as they are, so that they make its share of the clip.</summary>
    public void Split(ReadOnlySpan<ulong> clipShare, Span<ulong> reluShares)
        => ring.Add(clipShare, reluShares[clipShare.Length..], reluShares[..clipShare.Length]);

    /// <summary>The server's share of the clip, from those of both ReLUs.</summary>
    public void Join(ReadOnlySpan<ulong> reluShares, Span<ulong> clipShare)
    {
        for (int i = 0; i < clipShare.Length; i++)
            clipShare[i] = (_lower + reluShares[i] - reluShares[clipShare.Length + i]) & ring.Mask;
    }

    /// <summary>A bound that no number reaches is the last one that some number does.</summary>
    private static long Reached(NonLinearStep step, long bound) => Math.Clamp(bound, -Largest(step) - 1, Largest(step));

    private static long Largest(NonLinearStep step) => (1L << (step.InputBits - step.Shift - 1)) - 1;
}

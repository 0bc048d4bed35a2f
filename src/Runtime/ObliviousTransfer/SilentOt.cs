using System.Runtime.CompilerServices;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.ObliviousTransfer;

/// <summary>
/// Correlated oblivious transfer with random choices from little communication ("silent"), secure against semi-honest
/// parties: Ferret (Yang, Weng, Lan, Zhang and Wang, CCS 2020) with regular noise. The sender holds Δ, of which bit 0 is
/// one, and gets K; the receiver gets M with M_i = K_i ⊕ u_i·Δ for random bits u. Bit 0 of K_i is zero and bit 0 of M_i is
/// u_i, so the receiver needs no room for its choices.
/// <para>
/// An extension is one flight, from the sender: for each of t trees it makes all leaves of a correlated tree
/// (<see cref="CorrelatedTree"/>), and the receiver all but one at a random place, where it gets the leaf ⊕ Δ. Both add
/// A·(the LPN secret's correlations), A being a public sparse matrix (<see cref="LpnCode"/>). That makes n correlations from
/// k + t·h; the first k + t·h are kept for the next extension. The very first come from <see cref="CorrelatedOt"/>, by way
/// of the smallest parameters where that saves bytes.
/// </para>
/// <para>
/// Bytes depend on the numbers of transfers alone, not on what was extended before: a call extends by as few trees as give
/// what it asks for, and wastes less than one tree. The work of a call is that of its transfers plus 2^LogDimension + t·h;
/// so ask for many at once. Two rounds for the setup, one flight a call; nothing of it depends on inputs, so all belongs in an
/// offline phase.
/// </para>
/// <para>
/// Constant time: the receiver's choices and the places of its missing leaves are secret. It visits every node of a tree in
/// the same order and corrects the right one under a mask. The indices into the LPN secret are those of the public matrix.
/// </para>
/// </summary>
public static class SilentOt
{
    /// <summary>First flight of the setup, from the receiver.</summary>
    public static long ReceiverSetupBytes(LpnParameters parameters) => CorrelatedOt.ReceiverBytes(BootstrapCount(parameters));

    /// <summary>Second flight of the setup, from the sender: a public seed, and an extension where there is an intermediate one.</summary>
    public static long SenderSetupBytes(LpnParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        LpnParameters first = LpnParameters.Depth10;
        return Block.Size + (IsDirect(parameters) ? 0 : TreeBytes(first, first.TreesFor(parameters.ReserveCount)));
    }

    /// <summary>Bytes the sender sends to extend by <paramref name="count"/>; the receiver sends none.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public static long SenderBytes(LpnParameters parameters, long count)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        (long full, long rest) = Math.DivRem(count, parameters.Capacity);
        long bytes = full * TreeBytes(parameters, parameters.Trees);
        return rest == 0 ? bytes : bytes + TreeBytes(parameters, ExtensionTrees(parameters, (int)rest));
    }

    /// <summary>Bytes of memory a party holds between extensions and while one runs, beside the caller's correlations.</summary>
    public static long WorkingBytes(LpnParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return Block.Size * ((2L * parameters.ReserveCount) + parameters.Leaves);
    }

    /// <summary>The parameters whose fixed work is small beside that of calls for <paramref name="count"/> transfers each.</summary>
    public static LpnParameters ParametersFor(long count) => count switch
    {
        < 1 << 19 => LpnParameters.Depth10,
        < 1 << 22 => LpnParameters.Depth11,
        _ => LpnParameters.Depth12,
    };

    /// <summary>Transfers by <see cref="CorrelatedOt"/> that the setup takes.</summary>
    internal static int BootstrapCount(LpnParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        LpnParameters first = LpnParameters.Depth10;
        return IsDirect(parameters) ? parameters.ReserveCount : first.BaseCount(first.TreesFor(parameters.ReserveCount));
    }

    /// <summary>Whether the first extension starts from <see cref="CorrelatedOt"/> itself.</summary>
    internal static bool IsDirect(LpnParameters parameters) => parameters == LpnParameters.Depth10;

    /// <summary>Trees of an extension that gives <paramref name="count"/> correlations beyond the next one's.</summary>
    internal static int ExtensionTrees(LpnParameters parameters, int count) => parameters.TreesFor(count + parameters.ReserveCount);

    /// <summary>The correlation with bit 0 cleared.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Block ClearChoice(Block correlation) => correlation & new Block(~1UL, ~0UL);

    /// <summary>The work of an extension by <paramref name="count"/>, about the same at both parties.</summary>
    internal static WorkCost Work(LpnParameters parameters, long count)
    {
        (long full, long rest) = Math.DivRem(count, parameters.Capacity);
        return TreeWork(parameters, (full * parameters.Trees) + (rest == 0 ? 0 : ExtensionTrees(parameters, (int)rest)));
    }

    /// <summary>The work of the setup beyond <see cref="CorrelatedOt"/>.</summary>
    internal static WorkCost SetupWork(LpnParameters parameters)
        => IsDirect(parameters) ? WorkCost.None : TreeWork(LpnParameters.Depth10, LpnParameters.Depth10.TreesFor(parameters.ReserveCount));

    // A hash makes two nodes of a tree, so all levels together take one a leaf less two; a row of the matrix takes two blocks.
    private static WorkCost TreeWork(LpnParameters parameters, long trees) => new()
    {
        AesCalls = trees * ((3L * parameters.Leaves) - 2),
        Units = WorkCost.Of(Primitive.SilentTransfer, trees * parameters.Leaves).Units,
    };

    private static long TreeBytes(LpnParameters parameters, int trees) => (long)trees * parameters.Depth * Block.Size;
}

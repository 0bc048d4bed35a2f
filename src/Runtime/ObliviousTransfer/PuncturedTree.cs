using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.ObliviousTransfer;

/// <summary>
/// All-but-one oblivious transfer of N = 2^k seeds from k random transfers of keys: a GGM tree, of which the receiver gets all
/// leaves but the one that its choices name (Roy, "SoftSpokenOT: quieter OT extension from small-field silent VOLE in the Minicrypt
/// model", CRYPTO 2022, section 5, after Boyle et al., CCS 2019). A node is an AES key; its children are the encryptions of 0 and 1.
/// For every level below the first the sender sends the sum of the left nodes and that of the right ones, each masked by a key; the
/// nodes of the first level are keys themselves.
/// <para>
/// Nodes are stored so that the two children of node j among m are j and j + m: a leaf's index x has the direction of level i
/// (1 for right) in bit i. The receiver stores leaf x in place x ⊕ Δ, Δ being its choices, so that the missing one is always in
/// place 0 and no address depends on a secret.
/// </para>
/// </summary>
internal static class PuncturedTree
{
    /// <summary>Blocks that the sender sends for a tree of 2^<paramref name="depth"/> leaves.</summary>
    public static int Corrections(int depth) => 2 * (depth - 1);

    /// <summary>The sender's side.</summary>
    /// <param name="keysOfZero">k: what the receiver has where its choice is 0.</param>
    /// <param name="keysOfOne">k: what it has where its choice is 1.</param>
    /// <param name="leaves">2^k.</param>
    /// <param name="corrections"><see cref="Corrections"/>: of each level that of the left nodes, then that of the right ones.</param>
    public static void Expand(ReadOnlySpan<Block> keysOfZero, ReadOnlySpan<Block> keysOfOne, Span<Block> leaves, Span<Block> corrections)
    {
        // The receiver gets the side that its choice does not name.
        leaves[0] = keysOfOne[0];
        leaves[1] = keysOfZero[0];
        for (int level = 1, count = 2; level < keysOfZero.Length; level++, count *= 2)
        {
            ExpandLevel(leaves, count);
            corrections[2 * (level - 1)] = keysOfOne[level] ^ Sum(leaves[..count]);
            corrections[(2 * (level - 1)) + 1] = keysOfZero[level] ^ Sum(leaves.Slice(count, count));
        }
    }

    /// <summary>The receiver's side.</summary>
    /// <param name="keys">k.</param>
    /// <param name="choices">Δ, secret; bit i is the choice of key i.</param>
    /// <param name="corrections">The sender's.</param>
    /// <param name="leaves">2^k: leaf x is in place x ⊕ Δ, and place 0 holds nothing of use.</param>
    public static void Reconstruct(ReadOnlySpan<Block> keys, uint choices, ReadOnlySpan<Block> corrections, Span<Block> leaves)
    {
        leaves[0] = default;
        leaves[1] = keys[0];
        for (int level = 1, count = 2; level < keys.Length; level++, count *= 2)
        {
            Block choice = Block.Mask(choices >> level);
            ExpandLevel(leaves, count);
            for (int i = 0; i < count; i++)
            {
                Block swap = (leaves[i] ^ leaves[i + count]) & choice;
                leaves[i] ^= swap;
                leaves[i + count] ^= swap;
            }

            // The upper half is now the side whose sum this party can unmask; of it only the missing node's child is wrong.
            Block left = corrections[2 * (level - 1)], right = corrections[(2 * (level - 1)) + 1];
            Block sum = keys[level] ^ right ^ ((left ^ right) & choice);
            leaves[count] = sum ^ Sum(leaves.Slice(count + 1, count - 1));
        }
    }

    private static void ExpandLevel(Span<Block> nodes, int count)
    {
        Span<Block> children = [default, new Block(1, 0)];
        for (int i = 0; i < count; i++)
        {
            AesKey key = AesKey.Expand(nodes[i]);
            Span<Block> encrypted = [default, default];
            Aes128.Encrypt(in key, children, encrypted);
            nodes[i] = encrypted[0];
            nodes[i + count] = encrypted[1];
        }
    }

    private static Block Sum(ReadOnlySpan<Block> nodes)
    {
        Block sum = default;
        foreach (Block node in nodes)
            sum ^= node;
        return sum;
    }
}

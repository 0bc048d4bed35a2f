using System.Collections.Immutable;

namespace PrivateInference.Runtime.ObliviousTransfer;

/// <summary>
/// A set of parameters of learning parity with noise (LPN) with regular noise and a <see cref="Locality"/>-local code, as
/// Ferret uses it (Yang, Weng, Lan, Zhang and Wang, "Ferret: fast extension for correlated OT with small communication",
/// CCS 2020): from a secret of 2^<see cref="LogDimension"/> bits, n = <see cref="Length"/> samples, of
/// which one in each of <see cref="Trees"/> blocks of 2^<see cref="Depth"/> is wrong, at a uniformly random place.
/// <para>
/// The sets are those of emp-ot, version 1.0 alpha of July 2026 (<c>emp-ot/tuning.h</c>, ferret_b10 to ferret_b13). Its
/// authors chose them for about 128 bits against the published attacks on LPN with regular noise, of which they find a hybrid
/// one cheapest. They replace the sets of the paper (n = 10,485,760, k = 452,000, t = 1,280), which predate the algebraic
/// attacks. Recomputed for this table with a public estimator (RabbitCabbage/LPN-Estimator) that follows Liu, Wang, Yang and
/// Yu, "The hardness of LPN over any integer ring and field for PCG applications" (EUROCRYPT 2024), smallest set first:
/// Gaussian elimination 2^139.6, 2^141.7, 2^144.2, 2^146.8 (<see cref="GaussianEliminationBits"/>); statistical decoding, also
/// its version 2.0, 2^205 for the first three; the algebraic attack of Briaud and Øygarden (EUROCRYPT 2023) 2^145.1 and 2^144.3
/// for the first two. Not recomputed: information-set decoding, the hybrid attack and the later algebraic one
/// (ePrint 2025/1476). That LPN is hard is an assumption, as in every silent OT.
/// </para>
/// <para>
/// An extension may stop after fewer trees: its samples are a part of those of the full set, so they are no easier.
/// </para>
/// </summary>
public sealed record LpnParameters
{
    /// <summary>d: secret bits that a noiseless sample adds up. Indices are drawn with replacement, as in emp-ot.</summary>
    public const int Locality = 10;

    private LpnParameters(int trees, int depth, int logDimension)
    {
        Trees = trees;
        Depth = depth;
        LogDimension = logDimension;
    }

    /// <summary>n = 870,400, k = 65,536, t = 850: 0.171 bytes a transfer in full extensions, least work for few transfers.</summary>
    public static LpnParameters Depth10 { get; } = new(850, 10, 16);

    /// <summary>n = 2,396,160, k = 131,072, t = 1,170: 0.092 bytes a transfer in full extensions.</summary>
    public static LpnParameters Depth11 { get; } = new(1170, 11, 17);

    /// <summary>n = 6,225,920, k = 262,144, t = 1,520: 0.049 bytes a transfer in full extensions.</summary>
    public static LpnParameters Depth12 { get; } = new(1520, 12, 18);

    /// <summary>n = 15,564,800, k = 524,288, t = 1,900: 0.026 bytes a transfer in full extensions.</summary>
    public static LpnParameters Depth13 { get; } = new(1900, 13, 19);

    /// <summary>Every set, the smallest first.</summary>
    public static ImmutableArray<LpnParameters> All { get; } = [Depth10, Depth11, Depth12, Depth13];

    /// <summary>t: puncturable trees, and wrong samples, of a full extension.</summary>
    public int Trees { get; }

    /// <summary>Levels of a tree below its root; it has 2^Depth leaves.</summary>
    public int Depth { get; }

    /// <summary>The binary logarithm of k.</summary>
    public int LogDimension { get; }

    /// <summary>k: bits of the secret.</summary>
    public int Dimension => 1 << LogDimension;

    /// <summary>n: samples of a full extension.</summary>
    public int Length => Trees << Depth;

    /// <summary>Leaves of a tree.</summary>
    public int Leaves => 1 << Depth;

    /// <summary>Correlations that a full extension consumes: the LPN secret, and one for each level of each tree.</summary>
    public int ReserveCount => BaseCount(Trees);

    /// <summary>Correlations that a full extension gives beyond those the next one consumes.</summary>
    public int Capacity => Length - ReserveCount;

    /// <summary>log₂ of k^2.8 ÷ the chance that k − t samples beside the known parity of every block are all right.</summary>
    /// <remarks>
    /// Pooled Gaussian elimination as Liu et al. price it, after the attacker has removed one unknown and one
    /// sample a block, since the noise of a block is known to add up to one.
    /// </remarks>
    public double GaussianEliminationBits
    {
        get
        {
            double samples = Length - Trees, unknowns = Dimension - Trees, chance = 0;
            for (int i = 0; i < Trees; i++)
                chance += Math.Log2((samples - unknowns - i) / (samples - i));
            return (2.8 * Math.Log2(unknowns)) - chance;
        }
    }

    /// <summary>Correlations that an extension by <paramref name="trees"/> trees consumes.</summary>
    internal int BaseCount(int trees) => Dimension + (trees * Depth);

    /// <summary>Trees that give <paramref name="samples"/> samples.</summary>
    internal int TreesFor(int samples) => (samples + Leaves - 1) / Leaves;
}

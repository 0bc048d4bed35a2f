using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.ObliviousTransfer;

/// <summary>
/// The public matrix A of LPN, made as it is used: each row has <see cref="LpnParameters.Locality"/> ones at uniformly random
/// places, as in Ferret. Row r takes its indices, of up to 21 bits, from the four 64-bit words of the AES-128
/// encryptions of 2r and 2r + 1 under a public key: three from each even word, two from each odd one. Rows are never used
/// twice.
/// </summary>
internal sealed class LpnCode
{
    /// <summary>Rows are added in groups of this many.</summary>
    public const int GroupSize = Aes128.Lanes;

    private const int IndexBits = 21;

    private readonly AesKey _key;
    private readonly ulong _domain;
    private readonly Block[] _random = new Block[2 * GroupSize];
    private ulong _row;

    /// <param name="seed">Public; both parties have the same.</param>
    /// <param name="logDimension">The binary logarithm of the secret's length; also the domain of the row numbers.</param>
    public LpnCode(Block seed, int logDimension)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(logDimension, IndexBits);
        _key = AesKey.Expand(seed);
        _domain = (ulong)logDimension;
    }

    /// <summary>rows += A·secret, for the next rows of A.</summary>
    /// <exception cref="ArgumentException">The secret has the wrong length, or the rows are not whole groups.</exception>
    public void AddRows(ReadOnlySpan<Block> secret, Span<Block> rows)
    {
        if (secret.Length != 1 << (int)_domain)
            throw new ArgumentException("The secret does not have the matrix's dimension.", nameof(secret));
        if (rows.Length % GroupSize != 0)
            throw new ArgumentException($"Rows come in groups of {GroupSize}.", nameof(rows));

        ref Block first = ref MemoryMarshal.GetReference(secret);
        nuint mask = (nuint)secret.Length - 1;
        ref ulong random = ref Unsafe.As<Block, ulong>(ref _random[0]);
        for (int start = 0; start < rows.Length; start += GroupSize)
        {
            NextRandom();
            for (int row = 0; row < GroupSize; row++)
                AddRow(ref first, mask, ref Unsafe.Add(ref random, 4 * row), ref rows[start + row]);
        }
    }

    // Ten loads at random places of a megabyte or more. They depend on nothing, so the processor keeps those of several rows
    // under way at once. An index cannot leave the secret: it is masked to its length, which is a power of two.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow(ref Block secret, nuint mask, ref ulong random, ref Block row)
    {
        nuint a = (nuint)random, b = (nuint)Unsafe.Add(ref random, 1);
        nuint c = (nuint)Unsafe.Add(ref random, 2), d = (nuint)Unsafe.Add(ref random, 3);
        Block left = Unsafe.Add(ref secret, a & mask)
            ^ Unsafe.Add(ref secret, (a >> IndexBits) & mask)
            ^ Unsafe.Add(ref secret, (a >> (2 * IndexBits)) & mask)
            ^ Unsafe.Add(ref secret, b & mask)
            ^ Unsafe.Add(ref secret, (b >> IndexBits) & mask);
        Block right = Unsafe.Add(ref secret, c & mask)
            ^ Unsafe.Add(ref secret, (c >> IndexBits) & mask)
            ^ Unsafe.Add(ref secret, (c >> (2 * IndexBits)) & mask)
            ^ Unsafe.Add(ref secret, d & mask)
            ^ Unsafe.Add(ref secret, (d >> IndexBits) & mask);
        row = row ^ left ^ right;
    }

    // Inlined, it takes the registers that the loads above need: 10 ns a row instead of 6.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void NextRandom()
    {
        Vector128<ulong> counter = Vector128.Create(2 * _row, _domain);
        foreach (ref Block block in _random.AsSpan())
        {
            block = new Block(counter.AsByte());
            counter += Vector128.CreateScalar(1UL);
        }

        _row += GroupSize;
        Aes128.Encrypt8(in _key, ref _random[0], ref _random[0]);
        Aes128.Encrypt8(in _key, ref _random[Aes128.Lanes], ref _random[Aes128.Lanes]);
    }
}

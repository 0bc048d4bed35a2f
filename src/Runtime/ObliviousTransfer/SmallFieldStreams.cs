using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.ObliviousTransfer;

/// <summary>
/// Vector oblivious linear evaluation over F_2 and GF(2^k) by expanding seeds, as many fields as have 128 bits together (Roy,
/// "SoftSpokenOT", CRYPTO 2022, figure 3 and section 4): from streams r_x, one for each x of a field, both u = Σ r_x and
/// v = Σ x·r_x. Multiplying by bits and adding is all that is done in a field, so x is a vector of k bits and row b of v is
/// the sum of the streams whose x has bit b. Who knows all streams but r_Δ, each in place x ⊕ Δ, gets v ⊕ u·Δ in the same way.
/// </summary>
internal sealed class SmallFieldStreams
{
    private const int Lanes = CorrelatedOt.TilesPerChunk;
    private const int WordsPerStream = 2 * Lanes;

    private readonly AesKey[] _keys;
    private readonly Block[] _streams;
    private readonly int _fieldBits;
    private readonly int _first;
    private ulong _position;

    /// <param name="fieldBits">k.</param>
    /// <param name="seeds">2^k a field, [field][x].</param>
    /// <param name="punctured">Whether the first seed of each field is missing; its stream counts as zero.</param>
    public SmallFieldStreams(int fieldBits, ReadOnlySpan<Block> seeds, bool punctured)
    {
        _fieldBits = fieldBits;
        _first = punctured ? 1 : 0;
        _keys = new AesKey[seeds.Length];
        _streams = new Block[Lanes << fieldBits];
        Aes128.ExpandKeys(seeds, _keys);
    }

    /// <summary>
    /// Computes <see cref="CorrelatedOt.TilesPerChunk"/> tiles and moves past the first <paramref name="tileCount"/> of them; the
    /// bits of the others come again.
    /// </summary>
    /// <param name="products">v: 128 rows a tile, [tile][field][bit].</param>
    /// <param name="sums">u: a row a field, [tile][field]; empty where it is not wanted, as by who lacks a part of it.</param>
    /// <param name="tileCount">How many tiles are wanted.</param>
    public void Read(Span<Block> products, Span<Block> sums, int tileCount)
    {
        Span<Block> counters = stackalloc Block[Lanes];
        for (int tile = 0; tile < Lanes; tile++)
            counters[tile] = new Block(_position + (ulong)tile, 0);

        Span<Block> row = stackalloc Block[Lanes];
        int fields = CorrelatedOt.BaseCount / _fieldBits;
        for (int field = 0; field < fields; field++)
        {
            _streams.AsSpan(0, _first * Lanes).Clear();
            for (int x = _first; x < 1 << _fieldBits; x++)
                Aes128.Encrypt8(in _keys[(field << _fieldBits) + x], ref counters[0], ref _streams[x * Lanes]);

            for (int bit = 0; bit < _fieldBits; bit++)
            {
                Fold(1 << (_fieldBits - bit), row);
                Scatter(row, products, BitMatrix.TileSize, (field * _fieldBits) + bit);
            }

            if (!sums.IsEmpty)
                Scatter(_streams.AsSpan(0, Lanes), sums, fields, field);
        }

        _position += (ulong)tileCount;
    }

    // The sum of the odd streams is a row of v; neighbours' sums are the streams of the field without its lowest bit.
    private void Fold(int count, Span<Block> odd)
    {
        ref ulong streams = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<Block, ulong>(_streams));
        ref ulong sums = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<Block, ulong>(odd));
        for (nuint half = 0; half < WordsPerStream; half += (nuint)Vector512<ulong>.Count)
        {
            Vector512<ulong> sum = default;
            nuint read = half, written = half, end = (nuint)count * WordsPerStream;
            for (; read < end; read += 2 * WordsPerStream, written += WordsPerStream)
            {
                Vector512<ulong> second = Vector512.LoadUnsafe(ref streams, read + WordsPerStream);
                sum ^= second;
                (second ^ Vector512.LoadUnsafe(ref streams, read)).StoreUnsafe(ref streams, written);
            }

            sum.StoreUnsafe(ref sums, half);
        }
    }

    private static void Scatter(ReadOnlySpan<Block> row, Span<Block> tiles, int rowsPerTile, int index)
    {
        for (int tile = 0; tile < Lanes; tile++)
            tiles[(tile * rowsPerTile) + index] = row[tile];
    }
}

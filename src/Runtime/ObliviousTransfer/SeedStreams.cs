using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.ObliviousTransfer;

/// <summary>The AES counter-mode streams of 128 seeds, read side by side: row i of every tile comes from seed i.</summary>
internal sealed class SeedStreams
{
    private readonly AesKey[] _keys = new AesKey[CorrelatedOt.BaseCount];
    private ulong _position;

    /// <exception cref="ArgumentException">There are not 128 seeds.</exception>
    public SeedStreams(ReadOnlySpan<Block> seeds)
    {
        if (seeds.Length != CorrelatedOt.BaseCount)
            throw new ArgumentException($"There must be {CorrelatedOt.BaseCount} seeds.", nameof(seeds));
        Aes128.ExpandKeys(seeds, _keys);
    }

    /// <summary>
    /// Fills <see cref="CorrelatedOt.TilesPerChunk"/> tiles and moves past the first <paramref name="tileCount"/> of them;
    /// the bits of the others come again.
    /// </summary>
    public void Read(Span<Block> tiles, int tileCount)
    {
        Span<Block> counters = stackalloc Block[CorrelatedOt.TilesPerChunk];
        Span<Block> row = stackalloc Block[CorrelatedOt.TilesPerChunk];
        for (int tile = 0; tile < counters.Length; tile++)
            counters[tile] = new Block(_position + (ulong)tile, 0);

        for (int i = 0; i < _keys.Length; i++)
        {
            Aes128.Encrypt8(in _keys[i], ref counters[0], ref row[0]);
            for (int tile = 0; tile < row.Length; tile++)
                tiles[(tile * BitMatrix.TileSize) + i] = row[tile];
        }

        _position += (ulong)tileCount;
    }
}

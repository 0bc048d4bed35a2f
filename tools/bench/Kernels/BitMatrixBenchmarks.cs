using BenchmarkDotNet.Attributes;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Benchmarks.Kernels;

/// <summary>Transposition of a 128×128 bit matrix.</summary>
public class BitMatrixBenchmarks
{
    private readonly Block[] _tile = new Block[BitMatrix.TileSize];
    private readonly Block[] _result = new Block[BitMatrix.TileSize];

    public BitMatrixBenchmarks() => SecureRandom.CreateGenerator().Fill(_tile);

    /// <summary>Bit by bit.</summary>
    [Benchmark(Baseline = true)]
    public void Naive()
    {
        for (int row = 0; row < _result.Length; row++)
        {
            ulong low = 0, high = 0;
            for (int column = 0; column < 64; column++)
            {
                low |= Bit(_tile[column], row) << column;
                high |= Bit(_tile[column + 64], row) << column;
            }

            _result[row] = new Block(low, high);
        }
    }

    [Benchmark]
    public void Runtime() => BitMatrix.Transpose(_tile);

    private static ulong Bit(Block block, int index) => ((index < 64 ? block.Low : block.High) >> (index % 64)) & 1;
}

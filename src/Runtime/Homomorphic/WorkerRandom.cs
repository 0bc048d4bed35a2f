using System.Security.Cryptography;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>Randomness for workers on threads of their own.</summary>
internal static class WorkerRandom
{
    /// <summary>A source for each worker: generators seeded from the one given, or that one itself for a single worker.</summary>
    public static IRandomSource[] Split(IRandomSource random, int workers)
    {
        if (workers == 1)
            return [random];
        var sources = new IRandomSource[workers];
        Span<byte> seed = stackalloc byte[Block.Size];
        foreach (ref var source in sources.AsSpan())
        {
            random.Fill(seed);
            source = new AesCtrGenerator(Block.Read(seed));
        }

        CryptographicOperations.ZeroMemory(seed);
        return sources;
    }
}

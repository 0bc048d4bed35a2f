using System.Collections.Concurrent;
using System.Collections.Immutable;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>
/// A ring dimension and ciphertext modulus of the scheme. Polynomials lie prime after prime: element i modulo the k-th
/// prime at k·N + i.
/// </summary>
/// <remarks>
/// Security: at least 128 bits against the attacks that the HomomorphicEncryption.org standard (2018, table 1) considers
/// for a uniform ternary secret and errors of standard deviation 3.2: log2 q ≤ 109 for N = 4096 and ≤ 218 for N = 8192.
/// Three primes of 36 bits make 108 bits, six make 216; the error here is the centred binomial with η = 21, standard
/// deviation 3.24. There is no special key-switching modulus: nothing is encrypted above q.
/// </remarks>
public sealed class RlweParameters
{
    private static readonly ConcurrentDictionary<(int Degree, int PrimeCount), RlweParameters> Cache = new();

    private RlweParameters(int degree, int primeCount)
    {
        Degree = degree;
        PrimeCount = primeCount;
        Tables = [.. NttPrimes.All[..primeCount].ToArray().Select(prime => NttTable.Get(degree, prime))];
    }

    /// <summary>The parameter sets that layers may use, the cheaper first.</summary>
    public static ImmutableArray<(int Degree, int PrimeCount)> Supported { get; } = [(4096, 3), (8192, 4), (8192, 5), (8192, 6)];

    /// <summary>N.</summary>
    public int Degree { get; }

    /// <summary>How many of <see cref="NttPrimes.All"/> multiply to q.</summary>
    public int PrimeCount { get; }

    /// <summary>Bytes of a polynomial modulo q on the wire: 36 bits a residue.</summary>
    public int PolynomialBytes => ResidueCount / 8 * NttPrimes.Bits;

    /// <summary>Bytes of a serialised public key: the seed of its uniform half, and its other half.</summary>
    public int PublicKeyBytes => Block.Size + PolynomialBytes;

    /// <summary>Elements of a polynomial's array.</summary>
    internal int ResidueCount => Degree * PrimeCount;

    internal ImmutableArray<NttTable> Tables { get; }

    /// <summary>The shared instance of a supported parameter set.</summary>
    /// <exception cref="ArgumentException">The set is not one of <see cref="Supported"/>.</exception>
    public static RlweParameters Get(int degree, int primeCount)
    {
        if (!Supported.Contains((degree, primeCount)))
            throw new ArgumentException($"There is no RLWE parameter set of degree {degree} with {primeCount} primes.", nameof(degree));
        return Cache.GetOrAdd((degree, primeCount), static key => new RlweParameters(key.Degree, key.PrimeCount));
    }

    /// <summary>The part of a polynomial's array that belongs to one prime.</summary>
    internal Span<double> Residues(Span<double> polynomial, int prime) => polynomial.Slice(prime * Degree, Degree);

    /// <inheritdoc cref="Residues(Span{double}, int)"/>
    internal ReadOnlySpan<double> Residues(ReadOnlySpan<double> polynomial, int prime) => polynomial.Slice(prime * Degree, Degree);

    /// <summary>Expands uniform residues; they are used as transformed values, which are uniform alike.</summary>
    internal void SampleUniform(RlweSampler sampler, Span<double> polynomial)
    {
        for (var i = 0; i < PrimeCount; i++)
            sampler.Uniform(Residues(polynomial, i), Tables[i].Modulus.Prime);
    }

    /// <summary>Copies a small signed polynomial to every prime and transforms it.</summary>
    internal void TransformSmall(ReadOnlySpan<double> small, Span<double> polynomial)
    {
        for (var i = 0; i < PrimeCount; i++)
        {
            var residues = Residues(polynomial, i);
            small.CopyTo(residues);
            NttTransform.Forward(residues, Tables[i]);
        }
    }

    /// <summary>Packs canonical residues.</summary>
    internal static void Pack(ReadOnlySpan<double> polynomial, Span<byte> destination)
    {
        var writer = new BitWriter(destination);
        foreach (var residue in polynomial)
            writer.Write((ulong)(long)residue, NttPrimes.Bits);
        writer.Flush();
    }

    /// <summary>Unpacks residues; false if one is not below its prime.</summary>
    internal bool TryUnpack(ReadOnlySpan<byte> source, Span<double> polynomial)
    {
        var reader = new BitReader(source);
        ulong outOfRange = 0;
        for (var i = 0; i < PrimeCount; i++)
        {
            var prime = Tables[i].Modulus.Prime;
            foreach (ref var element in Residues(polynomial, i))
            {
                var residue = reader.Read(NttPrimes.Bits);
                outOfRange |= (prime - 1 - residue) >> 63;
                element = (long)residue;
            }
        }

        return outOfRange == 0;
    }
}

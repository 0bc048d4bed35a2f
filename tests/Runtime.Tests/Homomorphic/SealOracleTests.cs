using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;
using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Tests.Homomorphic;

/// <summary>
/// Microsoft SEAL, an independent implementation, decrypts what this project encrypts. Needs Node and
/// <c>npm ci --ignore-scripts</c> in tests/seal-oracle; skipped without.
/// </summary>
public sealed class SealOracleTests
{
    private const int Degree = 4096;
    private const int RingBits = 37;

    // An image of 64×64 in a 1×1 convolution fills a request polynomial in order.
    private static readonly ConvolutionGeometry Layer =
        new() { InputChannels = 1, InputHeight = 64, InputWidth = 64, OutputChannels = 1 };

    [SkippableFact]
    public void Seal_decrypts_a_request_to_the_mask()
    {
        var script = FindScript();
        Skip.If(script is null, "node_modules is absent from tests/seal-oracle");
        var packing = ConvolutionPacking.For(Layer, LinearLayerTests.Settings(Layer, Degree, 3, 10), RingBits);
        var (keys, _) = LayerHarness.KeysOf(packing.Parameters);
        var client = new LinearLayerClient(keys, packing);
        using var request = new MemoryPipe();
        var mask = LayerHarness.RandomRing(Layer.InputCount, RingBits);
        client.EncryptMask(mask, request, SystemRandomSource.Instance);
        Assert.Equal(packing.Parameters.PolynomialBytes + Block.Size, request.Sent.Length);

        List<ulong> words = [Degree, 3, .. NttPrimes.All[..4]];
        words.AddRange(SealSecretKey(keys));
        words.AddRange(SealCiphertext(packing.Parameters, request.Sent));
        Assert.Equal(mask, Decode(packing.Parameters, Decrypt(script, words)));
    }

    /// <summary>The secret key modulo four primes, in the order of SEAL's transform.</summary>
    private static IEnumerable<ulong> SealSecretKey(RlweClientKeys keys)
    {
        var negated = keys.NegatedSecret[..Degree].ToArray();
        var first = NttTable.Get(Degree, NttPrimes.All[0]);
        NttTransform.Inverse(negated, first);
        double[] secret = [.. negated.Select(value => value == first.Modulus.P - 1 ? 1 : -value)];
        Assert.All(secret, value => Assert.InRange(value, -1, 1));
        return NttPrimes.All[..4].ToArray().SelectMany(prime =>
        {
            var table = NttTable.Get(Degree, prime);
            var values = secret.ToArray();
            NttTransform.Forward(values, table);
            return SealOrder(table).Select(k => (ulong)values[k]);
        });
    }

    /// <summary>
    /// SEAL evaluates at powers of the least primitive root, ψ^e: the same values in another order. Gives the index here of
    /// each value there.
    /// </summary>
    private static int[] SealOrder(NttTable table)
    {
        var exponent = Enumerable.Range(0, Degree).Select(i => (2 * i) + 1).MinBy(odd => table.Modulus.Power(table.Root, (ulong)odd));
        var bits = BitOperations.Log2((uint)Degree);
        return [.. Enumerable.Range(0, Degree).Select(k =>
        {
            var power = exponent * ((2 * NttTable.ReverseBits(k, bits)) + 1) % (2 * Degree);
            return NttTable.ReverseBits((power - 1) / 2, bits);
        })];
    }

    /// <summary>c0 and c1 of a request.</summary>
    private static IEnumerable<ulong> SealCiphertext(RlweParameters parameters, byte[] request)
    {
        var body = new double[parameters.ResidueCount];
        Assert.True(parameters.TryUnpack(request.AsSpan(Block.Size), body));
        var uniform = new double[parameters.ResidueCount];
        AesCtrGenerator expander = new(Block.Read(request.AsSpan(0, Block.Size)));
        parameters.SampleUniform(new RlweSampler(expander), uniform);
        double[] both = [.. body, .. uniform];
        return Enumerable.Range(0, 2 * parameters.PrimeCount).SelectMany(i =>
            SealOrder(parameters.Tables[i % parameters.PrimeCount]).Select(k => (ulong)both[(i * Degree) + k]));
    }

    /// <summary>round(t·v/q) modulo t of SEAL's v = c0 + c1·s, in exact arithmetic.</summary>
    private static ulong[] Decode(RlweParameters parameters, ulong[] transformed)
    {
        var q = parameters.Tables.Aggregate(BigInteger.One, (product, table) => product * table.Modulus.Prime);
        var sums = new BigInteger[Degree];
        for (var i = 0; i < parameters.PrimeCount; i++)
        {
            var table = parameters.Tables[i];
            var order = SealOrder(table);
            var residues = new double[Degree];
            for (var k = 0; k < Degree; k++)
                residues[order[k]] = transformed[(i * Degree) + k];
            NttTransform.Inverse(residues, table);
            var cofactor = q / table.Modulus.Prime;
            cofactor *= table.Modulus.Invert((ulong)(cofactor % table.Modulus.Prime));
            for (var k = 0; k < Degree; k++)
                sums[k] += new BigInteger(residues[k]) * cofactor;
        }

        return [.. sums.Select(sum => (ulong)((((sum % q) << (RingBits + 1)) + q) / (2 * q) % (BigInteger.One << RingBits)))];
    }

    private static ulong[] Decrypt(string script, List<ulong> words)
    {
        var folder = Directory.CreateTempSubdirectory("seal-oracle");
        try
        {
            var (input, output) = (Path.Combine(folder.FullName, "input"), Path.Combine(folder.FullName, "output"));
            File.WriteAllBytes(input, MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(words)));
            using var node = Process.Start(new ProcessStartInfo("node", [script, input, output]) { RedirectStandardError = true, UseShellExecute = false })!;
            var errors = node.StandardError.ReadToEnd();
            node.WaitForExit();
            Assert.True(node.ExitCode == 0, errors);
            return MemoryMarshal.Cast<byte, ulong>(File.ReadAllBytes(output)).ToArray();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string? FindScript()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var oracle = Path.Combine(folder.FullName, "tests", "seal-oracle");
            if (Directory.Exists(Path.Combine(oracle, "node_modules", "node-seal")))
                return Path.Combine(oracle, "decrypt.mjs");
        }

        return null;
    }
}

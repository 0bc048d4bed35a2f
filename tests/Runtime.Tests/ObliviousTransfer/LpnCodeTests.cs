using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Tests.ObliviousTransfer;

public sealed class LpnCodeTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(16)]
    [InlineData(19)]
    [InlineData(21)]
    public void Rows_are_those_of_the_definition(int logDimension)
    {
        Block seed = SecureRandom.NextBlock();
        Block[] secret = new Block[1 << logDimension], rows = new Block[40];
        SecureRandom.CreateGenerator().Fill(secret);
        SecureRandom.CreateGenerator().Fill(rows);
        Block[] expected = [.. rows];
        var code = new LpnCode(seed, logDimension);
        code.AddRows(secret, rows.AsSpan(0, 16));
        code.AddRows(secret, rows.AsSpan(16));

        AesKey key = AesKey.Expand(seed);
        for (int row = 0; row < expected.Length; row++)
        {
            Block[] words = [new((ulong)(2 * row), (ulong)logDimension), new((ulong)((2 * row) + 1), (ulong)logDimension)];
            Aes128.Encrypt(in key, words, words);
            ulong[] slots = [.. words.SelectMany(w => new[] { w.Low, w.Low >> 21, w.Low >> 42, w.High, w.High >> 21 })];
            Assert.Equal(LpnParameters.Locality, slots.Length);
            foreach (ulong slot in slots)
                expected[row] ^= secret[slot % (ulong)secret.Length];
            Assert.Equal(OtParties.Words(expected[row]), OtParties.Words(rows[row]));
        }
    }

    [Fact]
    public void Indices_cover_the_secret_evenly()
    {
        // With a secret of e_j, row ⊕= 1 as often as j occurs an odd number of times: about Locality / Dimension.
        Block[] secret = new Block[16], rows = new Block[1 << 14];
        secret[5] = new Block(0, 1);
        new LpnCode(SecureRandom.NextBlock(), 4).AddRows(secret, rows);
        double odd = (1 - Math.Pow(1 - (2.0 / 16), LpnParameters.Locality)) / 2;
        Assert.InRange(rows.Sum(row => (long)row.High), (odd * rows.Length) - 640, (odd * rows.Length) + 640); // 10 standard deviations
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        var code = new LpnCode(default, 4);
        Assert.Throws<ArgumentException>(() => code.AddRows(new Block[15], new Block[8]));
        Assert.Throws<ArgumentException>(() => code.AddRows(new Block[16], new Block[7]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LpnCode(default, 22));
    }
}

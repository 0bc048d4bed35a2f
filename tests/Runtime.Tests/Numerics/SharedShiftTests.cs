using PrivateInference.Runtime.Numerics;

namespace PrivateInference.Runtime.Tests.Numerics;

public sealed class SharedShiftTests
{
    private const int From = 16, Bits = 4;

    /// <summary>Over all low bits of the client's share, what the halves add up to is what drawing over all numbers gives.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(4095)]
    [InlineData(-1)]
    [InlineData(-16)]
    [InlineData(-4089)]
    public void Shares_round_up_with_the_probability_of_the_fraction(int number)
    {
        SharedShift shift = new(From, Bits, From - Bits);
        Ring ring = new(From), results = new(From - Bits);
        ulong x = ring.FromSigned(number);
        ulong[] shared = [.. Enumerable.Range(0, 1 << From).Select(c => (shift.Floor<ulong, ulong>((ulong)c) + shift.Ceiling<ulong, ulong>((x - (ulong)c) & ring.Mask)) & results.Mask)];
        ulong[] drawn = [.. Enumerable.Range(0, 1 << Bits).Select(r => shift.Round<ulong, ulong>(x, (ulong)r))];
        foreach (long result in new[] { number >> Bits, -(-number >> Bits) })
        {
            ulong word = results.FromSigned(result);
            Assert.Equal(drawn.Count(d => d == word) / (double)drawn.Length, shared.Count(s => s == word) / (double)shared.Length);
        }

        Assert.Equal(number / (double)(1 << Bits), drawn.Average(d => (double)results.ToSigned(d)));
    }
}

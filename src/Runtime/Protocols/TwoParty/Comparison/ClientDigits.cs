using System.Collections.Immutable;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>
/// The client's part in a tree's digits; <see cref="ServerDigits"/> says how they work. Products are kept in the order u₀·b₀,
/// u₀·b₁, u₀·b₁b₀, u₁·b₀, u₁·b₁, u₀u₁·b₀; of a digit of one bit there is the first alone.
/// </summary>
internal sealed class ClientDigits
{
    private readonly ImmutableArray<CarryDigit> _digits;
    private readonly BitPlanes _shares;
    private readonly BitPlanes _differences;

    public ClientDigits(ImmutableArray<CarryDigit> digits, int words)
    {
        _digits = digits;
        _shares = new BitPlanes(digits.Sum(d => d.Products), words);
        _differences = new BitPlanes(digits.Sum(d => d.Products), words);
    }

    /// <summary>Offline: hashes the transfers, the first of which are those of the digits.</summary>
    public void Offer(TransferPads pads, Block delta, TransferBatch batch)
    {
        int transfer = 0, product = 0;
        foreach (CarryDigit digit in _digits)
        {
            foreach (int products in ServerDigits.ProductsOfTransfers(digit))
            {
                Offer(pads, delta, batch, transfer++, product, products);
                product += products;
            }
        }
    }

    /// <summary>Offline: turns the last transfer of a digit of two bits from one with a random choice into one with u₀·u₁.</summary>
    public void ReceivePairs(IChannel channel)
    {
        BitPlanes flips = new(_digits.Count(d => d.Bits == 2), _shares.Words);
        flips.Receive(channel);
        int pair = 0, product = 0;
        foreach (CarryDigit digit in _digits)
        {
            product += digit.Products;
            if (digit.Bits != 2)
                continue;
            Span<ulong> share = _shares[product - 1], difference = _differences[product - 1], flip = flips[pair++];
            for (int i = 0; i < share.Length; i++)
                share[i] ^= flip[i] & difference[i];
        }
    }

    /// <summary>Offline: makes the products those of this party's bits.</summary>
    public void SendCorrections(IChannel channel, BitPlanes bits)
    {
        int product = 0;
        foreach (CarryDigit digit in _digits)
        {
            Span<ulong> low = bits[digit.Offset];
            Add(low, product);
            if (digit.Bits == 2)
            {
                Span<ulong> high = bits[digit.Offset + 1];
                Add(high, product + 1);
                AddProduct(low, high, product + 2);
                Add(low, product + 3);
                Add(high, product + 4);
                Add(low, product + 5);
            }

            product += digit.Products;
        }

        _differences.Send(channel);
        _differences.Clear();
    }

    /// <summary>Online: this party's shares of each digit's G and P.</summary>
    /// <param name="bits">b, planes by bit.</param>
    /// <param name="masked">t = a ⊕ u, planes by bit.</param>
    /// <param name="carries">Takes the shares.</param>
    public void Evaluate(BitPlanes bits, BitPlanes masked, CarryEvaluation carries)
    {
        int product = 0;
        for (int node = 0; node < _digits.Length; node++)
        {
            CarryDigit digit = _digits[node];
            if (digit.Bits == 1)
                EvaluateBit(product, bits[digit.Offset], masked[digit.Offset], carries.Generate(node), carries.Propagate(node));
            else
                EvaluatePair(product, bits, masked, digit.Offset, carries.Generate(node), carries.Propagate(node));
            product += digit.Products;
        }
    }

    /// <summary>What is left when the offline calls are done.</summary>
    public void Keep(MaterialFields fields) => _shares.Keep(fields);

    public void Clear()
    {
        _shares.Clear();
        _differences.Clear();
    }

    private void EvaluateBit(int product, ReadOnlySpan<ulong> bit, ReadOnlySpan<ulong> masked, Span<ulong> generate, Span<ulong> propagate)
    {
        ReadOnlySpan<ulong> share = _shares[product];
        for (int i = 0; i < generate.Length; i++)
        {
            generate[i] = share[i] ^ (masked[i] & bit[i]);
            propagate[i] = bit[i];
        }
    }

    private void EvaluatePair(int product, BitPlanes bits, BitPlanes masked, int offset, Span<ulong> generate, Span<ulong> propagate)
    {
        ReadOnlySpan<ulong> b0 = bits[offset], b1 = bits[offset + 1], t0 = masked[offset], t1 = masked[offset + 1];
        ReadOnlySpan<ulong> s00 = _shares[product], s01 = _shares[product + 1], s0p = _shares[product + 2];
        ReadOnlySpan<ulong> s10 = _shares[product + 3], s11 = _shares[product + 4], sp0 = _shares[product + 5];
        for (int i = 0; i < generate.Length; i++)
        {
            ulong shares = s11[i] ^ s0p[i] ^ sp0[i] ^ (t1[i] & s00[i]) ^ (t0[i] & s10[i]);
            generate[i] = shares ^ (t1[i] & b1[i]) ^ (t0[i] & b0[i] & (t1[i] ^ b1[i]));
            propagate[i] = s10[i] ^ s01[i] ^ (b1[i] & b0[i]) ^ (t1[i] & b0[i]) ^ (t0[i] & b1[i]);
        }
    }

    private void Offer(TransferPads pads, Block delta, TransferBatch batch, int transfer, int product, int products)
    {
        Span<ulong> zero = stackalloc ulong[products], difference = stackalloc ulong[products];
        for (int word = batch.First; word < batch.End; word++)
        {
            pads.Offer(delta, batch.Of(transfer, word), zero, difference);
            for (int i = 0; i < products; i++)
            {
                _shares[product + i][word] = zero[i];
                _differences[product + i][word] = difference[i];
            }
        }
    }

    private void Add(ReadOnlySpan<ulong> bit, int product)
    {
        Span<ulong> difference = _differences[product];
        for (int i = 0; i < difference.Length; i++)
            difference[i] ^= bit[i];
    }

    private void AddProduct(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right, int product)
    {
        Span<ulong> difference = _differences[product];
        for (int i = 0; i < difference.Length; i++)
            difference[i] ^= left[i] & right[i];
    }
}

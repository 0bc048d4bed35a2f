using System.Collections.Immutable;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>
/// The digits of a <see cref="CarryTree"/>: shares of G and P from bits a of the server, known online, and b of the client,
/// known offline. Of one bit, G = a·b and P = a ⊕ b. Of two,
/// G = a₁b₁ ⊕ a₁a₀·b₀ ⊕ a₀·b₁b₀ and P = a₁a₀ ⊕ a₁b₀ ⊕ a₀b₁ ⊕ b₁b₀.
/// <para>
/// Offline the server has random choices u in place of a, and the parties share the products of u₀, u₁ and u₀u₁ with bits of
/// the client: random oblivious transfers that the client corrects to its bits, one bit a product; u₀u₁ is chosen, by one bit
/// of the server's (Beaver, "Precomputing oblivious transfer", CRYPTO 1995). Online the server sends t = a ⊕ u, and a = t ⊕ u
/// makes everything above linear in what is shared. So two bits take two bits of online communication, in one flight.
/// </para>
/// </summary>
internal sealed class ServerDigits
{
    private readonly ImmutableArray<CarryDigit> _digits;
    private readonly BitPlanes _choices;
    private readonly BitPlanes _shares;

    public ServerDigits(ImmutableArray<CarryDigit> digits, int words)
    {
        _digits = digits;
        _choices = new BitPlanes(digits.Sum(d => d.Transfers), words);
        _shares = new BitPlanes(digits.Sum(d => d.Products), words);
    }

    /// <summary>How many products share each transfer of a digit: those of u₀, of u₁, of u₀u₁.</summary>
    public static ReadOnlySpan<int> ProductsOfTransfers(CarryDigit digit) => digit.Bits == 1 ? [1] : [3, 2, 1];

    /// <summary>Offline: hashes the transfers, the first of which are those of the digits.</summary>
    public void Choose(TransferPads pads, TransferBatch batch)
    {
        int transfer = 0, product = 0;
        foreach (CarryDigit digit in _digits)
        {
            foreach (int products in ProductsOfTransfers(digit))
            {
                Choose(pads, batch, transfer++, product, products);
                product += products;
            }
        }
    }

    /// <summary>Offline: chooses u₀u₁ in the last transfer of each digit of two bits.</summary>
    public void SendPairs(IChannel channel)
    {
        BitPlanes flips = new(_digits.Count(d => d.Bits == 2), _choices.Words);
        int pair = 0, transfer = 0;
        foreach (CarryDigit digit in _digits)
        {
            if (digit.Bits == 2)
            {
                Span<ulong> low = _choices[transfer], high = _choices[transfer + 1], both = _choices[transfer + 2], flip = flips[pair++];
                for (int i = 0; i < flip.Length; i++)
                {
                    flip[i] = both[i] ^ (low[i] & high[i]);
                    both[i] = low[i] & high[i];
                }
            }

            transfer += digit.Transfers;
        }

        flips.Send(channel);
    }

    /// <summary>Offline: makes the products those of the client's bits.</summary>
    public void ReceiveCorrections(IChannel channel)
    {
        BitPlanes corrections = new(_digits.Sum(d => d.Products), _choices.Words);
        corrections.Receive(channel);
        int transfer = 0, product = 0;
        foreach (CarryDigit digit in _digits)
        {
            foreach (int products in ProductsOfTransfers(digit))
            {
                for (int end = product + products; product < end; product++)
                {
                    Span<ulong> share = _shares[product], correction = corrections[product], choice = _choices[transfer];
                    for (int i = 0; i < share.Length; i++)
                        share[i] ^= choice[i] & correction[i];
                }

                transfer++;
            }
        }
    }

    /// <summary>Online: t of each digit's bits, planes by bit.</summary>
    public void Mask(BitPlanes bits, BitPlanes masked)
    {
        int transfer = 0;
        foreach (CarryDigit digit in _digits)
        {
            for (int bit = 0; bit < digit.Bits; bit++)
            {
                Span<ulong> choice = _choices[transfer + bit], own = bits[digit.Offset + bit], target = masked[digit.Offset + bit];
                for (int i = 0; i < target.Length; i++)
                    target[i] = own[i] ^ choice[i];
            }

            transfer += digit.Transfers;
        }
    }

    /// <summary>Online: this party's shares of each digit's G and P.</summary>
    /// <param name="bits">a, planes by bit.</param>
    /// <param name="masked">What <see cref="Mask"/> gave.</param>
    /// <param name="carries">Takes the shares.</param>
    public void Evaluate(BitPlanes bits, BitPlanes masked, CarryEvaluation carries)
    {
        int product = 0;
        for (int node = 0; node < _digits.Length; node++)
        {
            CarryDigit digit = _digits[node];
            if (digit.Bits == 1)
            {
                _shares[product].CopyTo(carries.Generate(node));
                bits[digit.Offset].CopyTo(carries.Propagate(node));
            }
            else
            {
                EvaluatePair(product, bits, masked, digit.Offset, carries.Generate(node), carries.Propagate(node));
            }

            product += digit.Products;
        }
    }

    public void Keep(MaterialFields fields)
    {
        _choices.Keep(fields);
        _shares.Keep(fields);
    }

    public void Clear()
    {
        _choices.Clear();
        _shares.Clear();
    }

    private void EvaluatePair(int product, BitPlanes bits, BitPlanes masked, int offset, Span<ulong> generate, Span<ulong> propagate)
    {
        ReadOnlySpan<ulong> a0 = bits[offset], a1 = bits[offset + 1], t0 = masked[offset], t1 = masked[offset + 1];
        ReadOnlySpan<ulong> s00 = _shares[product], s01 = _shares[product + 1], s0p = _shares[product + 2];
        ReadOnlySpan<ulong> s10 = _shares[product + 3], s11 = _shares[product + 4], sp0 = _shares[product + 5];
        for (int i = 0; i < generate.Length; i++)
        {
            generate[i] = s11[i] ^ s0p[i] ^ sp0[i] ^ (t1[i] & s00[i]) ^ (t0[i] & s10[i]);
            propagate[i] = s10[i] ^ s01[i] ^ (a1[i] & a0[i]);
        }
    }

    private void Choose(TransferPads pads, TransferBatch batch, int transfer, int product, int products)
    {
        Span<ulong> chosen = stackalloc ulong[products];
        for (int word = batch.First; word < batch.End; word++)
        {
            _choices[transfer][word] = pads.Choose(batch.Of(transfer, word), chosen);
            for (int i = 0; i < products; i++)
                _shares[product + i][word] = chosen[i];
        }
    }
}

using PrivateInference.Runtime.Preprocessing;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>
/// A party's half of the triples of <see cref="BeaverProtocol"/>: its random word for each factor, and its shares of the products with
/// the other party's words. Disposal clears it.
/// </summary>
internal sealed class BeaverProducts : IDisposable
{
    private readonly BeaverProtocol _protocol;
    private readonly Dictionary<int, ulong[]> _words;
    private readonly Dictionary<(int OfClient, int OfServer), ulong[]> _products;

    public BeaverProducts(BeaverProtocol protocol)
    {
        _protocol = protocol;
        _words = protocol.Schedule.Factors.ToDictionary(f => f, _ => new ulong[protocol.Count]);
        _products = protocol.Schedule.Factors.SelectMany(f => protocol.Schedule.Partners(f).Select(p => (f, p))).ToDictionary(p => p, _ => new ulong[protocol.Count]);
    }

    /// <summary>a_X of the client, b_X of the server.</summary>
    public ulong[] Word(int factor) => _words[factor];

    /// <summary>The share of a_X·b_Y.</summary>
    public ulong[] Product(int ofClient, int ofServer) => _products[(ofClient, ofServer)];

    /// <summary>This party's share X less its word, which hides it.</summary>
    public ulong[] Open(int factor, ulong[] share)
    {
        ulong[] opened = new ulong[share.Length];
        _protocol.Base.PowerRing.Subtract(share, _words[factor], opened);
        return opened;
    }

    public void Keep(MaterialFields fields)
    {
        foreach (int factor in _protocol.Schedule.Factors)
        {
            fields.Keep(Word(factor));
            foreach (int partner in _protocol.Schedule.Partners(factor))
                fields.Keep(Product(factor, partner));
        }
    }

    public void Dispose()
    {
        foreach (ulong[] word in _words.Values.Concat(_products.Values))
            Array.Clear(word);
    }
}

using System.Numerics;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Preprocessing;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>
/// A party's half of the triples of <see cref="BeaverProtocol"/>: its random word for each factor, and its shares of the products with
/// the other party's words. Disposal clears it.
/// </summary>
internal sealed class BeaverProducts<TWord> : IDisposable
    where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
{
    private readonly BeaverProtocol _protocol;
    private readonly Dictionary<int, TWord[]> _words;
    private readonly Dictionary<(int OfClient, int OfServer), TWord[]> _products;

    public BeaverProducts(BeaverProtocol protocol)
    {
        _protocol = protocol;
        _words = protocol.Schedule.Factors.ToDictionary(f => f, _ => new TWord[protocol.Count]);
        _products = protocol.Schedule.Factors.SelectMany(f => protocol.Schedule.Partners(f).Select(p => (f, p))).ToDictionary(p => p, _ => new TWord[protocol.Count]);
    }

    /// <summary>a_X of the client, b_X of the server.</summary>
    public TWord[] Word(int factor) => _words[factor];

    /// <summary>The share of a_X·b_Y.</summary>
    public TWord[] Product(int ofClient, int ofServer) => _products[(ofClient, ofServer)];

    /// <summary>The shares of a_X·b_Y for all Y that the client's word is multiplied with.</summary>
    public IEnumerable<TWord[]> ProductsOf(int ofClient) => _protocol.Schedule.Partners(ofClient).Select(p => Product(ofClient, p));

    /// <summary>This party's share X less its word, which hides it.</summary>
    public TWord[] Open(int factor, TWord[] share)
    {
        TWord[] opened = new TWord[share.Length];
        Words.Subtract<TWord>(share, _words[factor], opened, _protocol.Base.PowerBits);
        return opened;
    }

    public void Keep(MaterialFields fields)
    {
        foreach (int factor in _protocol.Schedule.Factors)
        {
            fields.Keep<TWord>(Word(factor));
            foreach (TWord[] product in ProductsOf(factor))
                fields.Keep<TWord>(product);
        }
    }

    public void Dispose()
    {
        foreach (TWord[] word in _words.Values.Concat(_products.Values))
            Array.Clear(word);
    }
}

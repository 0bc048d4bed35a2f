// A service and an application in thirty lines: what 'serve' and 'infer' do, as a library. It needs src/Runtime alone.
//
//   dotnet run --project samples/embedding -- artifacts/demo/fashion-mnist.plan artifacts/demo/fashion-mnist.weights
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Plan;

if (args.Length != 2)
{
    Console.Error.WriteLine("usage: embedding PLAN WEIGHTS");
    return 2;
}

// The model's owner: the weights stay here.
ExecutionPlan plan = PlanSerializer.Load(args[0]);
using var certificate = ServerCertificate.CreateForLoopback();
ServerOptions serverOptions = new() { Certificate = certificate, OnEvent = e => Console.Error.WriteLine($"server: {e.Message}") };
await using InferenceServer server = InferenceServer.Start(plan, WeightsSerializer.Load(args[1], plan), serverOptions);

// The input's owner: in real life another process on another machine, with the plan and the server's certificate.
ConnectOptions options = new() { Host = "localhost", Port = server.EndPoint.Port, TrustedCertificate = certificate };
await using InferenceClient client = await InferenceClient.ConnectAsync(plan, options);
await client.PrepareAsync();

float[] image = new float[plan.Values[plan.Steps[0].Output].Count];
Array.Fill(image, 0.5f);
InferenceResult result = await client.InferAsync(image);

string label = result.Argmax < plan.Labels.Length ? plan.Labels[result.Argmax] : $"class {result.Argmax}";
Console.WriteLine($"prediction: {label}, after {result.Statistics.OnlineTime.TotalMilliseconds:0} ms online");
return 0;

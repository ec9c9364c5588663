exports.handler = async () => 'a handler for tests';
